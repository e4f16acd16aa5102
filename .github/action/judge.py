"""The step `judge` of action.yml: judge the client, write the reports, and tell the next steps what there is.

The inputs are environment variables, so that no text of a user is part of a script. The exit code of `oauth-gauntlet` is an
output; the last step of the action ends with it, after the reports are kept.
"""

import itertools
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

USAGE = 2

_QUOTED = r"""\\.|"(?:\\.|[^"\\])*"|'[^']*'"""

# A word may have a `#` inside; at its beginning it starts a comment.
_WORD_OR_COMMENT = re.compile(rf"""(?s)(?:{_QUOTED}|[^\s"'\\#])(?:{_QUOTED}|[^\s"'\\])*|#[^\n]*""")


def words(text: str) -> list[str]:
    """Return the words of a text as a shell splits it: quotes, backslashes (at the end of a line too), comments, lines.

    Raises:
        ValueError: a quotation does not end.
    """
    without_comments = _WORD_OR_COMMENT.sub(
        lambda found: "" if found[0].startswith("#") else found[0].replace("\\\n", ""), text
    )
    return shlex.split(without_comments)


def new_folder(temporary: Path) -> Path:
    """Create the folder of this use of the action: a job may use it several times."""
    parent = temporary / "oauth-gauntlet-reports"
    parent.mkdir(exist_ok=True)
    for number in itertools.count(1):
        try:
            (parent / str(number)).mkdir()
        except FileExistsError:
            continue
        return parent / str(number)
    raise AssertionError


def name_of_artifact(wanted: str, temporary: Path) -> str:
    """Return a name that no other use in this job has: two artifacts of a run cannot have one name."""
    file = temporary / "oauth-gauntlet-reports" / "artifacts"
    used = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    name = next(each for each in itertools.chain([wanted], (f"{wanted}-{n}" for n in itertools.count(2))) if each not in used)
    file.write_text("".join(f"{each}\n" for each in [*used, name]), encoding="utf-8")
    return name


def set_output(name: str, value: str) -> None:
    """Set an output of the step. The delimiter keeps a value of several lines one value."""
    delimiter = uuid4().hex
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
        file.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def judge(folder: Path) -> int:
    """Run `oauth-gauntlet` with the inputs, and write the reports; return the exit code of the run."""
    try:
        more = words(os.environ["ARGUMENTS"])
    except ValueError as error:
        print(f"::error title=oauth-gauntlet::arguments: {error}; they are split as a shell does, with its quotes", flush=True)
        return USAGE
    program = Path(sys.executable).with_name("oauth-gauntlet")
    results = folder / "results.jsonl"
    known = ["--expect", os.environ["EXPECT"]] if Path(os.environ["EXPECT"]).exists() else []
    strict = ["--strict"] if os.environ["STRICT"] == "true" else []
    client = ["--client", os.environ["CLIENT"], "-n", os.environ["WORKERS"]]
    code = subprocess.run([program, "run", *client, "--results", results, *known, *strict, *more], check=False).returncode
    if results.exists() and results.stat().st_size:
        files = {"html": "report.html", "sarif": "results.sarif", "junit": "results.xml", "badge": "badge.svg"}
        reports = [f"--report={kind}={folder / name}" for kind, name in {**files, "markdown": "summary.md"}.items()]
        subprocess.run([program, "report", results, *known, *reports, "--report=github=-"], check=False)
    return code


def main() -> None:
    """Judge, and set the outputs."""
    temporary = Path(os.environ["RUNNER_TEMP"])
    folder = new_folder(temporary)
    set_output("folder", str(folder))
    if os.environ["ARTIFACT"]:
        set_output("artifact", name_of_artifact(os.environ["ARTIFACT"], temporary))
    set_output("exit-code", str(judge(folder)))
    summary, sarif = folder / "summary.md", folder / "results.sarif"
    if summary.exists():
        with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as file:
            file.write(summary.read_text(encoding="utf-8"))
    # hashFiles() finds no file outside of the workspace, so an output says whether there is one.
    if sarif.exists():
        set_output("sarif", str(sarif))


if __name__ == "__main__":
    main()
