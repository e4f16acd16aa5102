"""A stand-in for GitHub's runner: it does the steps of a composite action with the runner's rules that an action may trip over.

* A script is a file that ``bash --noprofile --norc -eo pipefail`` runs, with ``RUNNER_TEMP``, ``GITHUB_WORKSPACE``,
  ``GITHUB_ACTION_PATH``, and new files ``GITHUB_OUTPUT`` and ``GITHUB_STEP_SUMMARY`` for each step.
* `hashFiles` finds no file outside of the workspace ("Ignore ... since it is not under GITHUB_WORKSPACE").
* After a step that fails, a step without a status function in its ``if`` does not run.
* Lines ``::command::`` of a step's output are obeyed, until ``::stop-commands::TOKEN``.
* Two artifacts of one workflow run cannot have one name; ``upload-sarif`` fails without its file.
"""

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Job:
    """A job: its workspace, its folder for temporary files, and what its steps did."""

    folder: Path
    artifacts: dict = field(default_factory=dict)
    sarif: list = field(default_factory=list)

    def __post_init__(self):
        for each in (self.workspace, self.temp):
            each.mkdir()

    @property
    def workspace(self):
        return self.folder / "workspace"

    @property
    def temp(self):
        return self.folder / "temp"

    def use(self, action, path, inputs, *, without=()):
        """Do the steps of an action, but for those with an id in `without`; return what happened."""
        given = {name: str(each.get("default", "")) for name, each in action["inputs"].items()}
        assert inputs.keys() <= given.keys()
        assert all(inputs.get(name) for name, each in action["inputs"].items() if each.get("required"))
        use = Use(job=self, path=path, inputs=given | inputs)
        for step in action["runs"]["steps"]:
            if step.get("id") not in without:
                use.do(step)
        return use


@dataclass
class Use:
    """One use of an action: outputs by step, whether it has failed, and what it printed."""

    job: Job
    path: Path
    inputs: dict
    outputs: dict = field(default_factory=dict)
    failed: bool = False
    log: str = ""
    summary: str = ""
    commands: list = field(default_factory=list)

    def do(self, step):
        condition = str(step.get("if", "success()"))
        if not re.search(r"\b(success|always|failure|cancelled)\(", condition):
            condition = f"success() && ({condition})"
        if not self.value(condition):
            return
        if "uses" in step:
            given = {name: self.filled(value) for name, value in step.get("with", {}).items()}
            self.failed |= not self.stand_in(step["uses"].partition("@")[0], given)
        else:
            self.failed |= not self.script(step)

    def value(self, expression):
        """Return the value of an expression in the syntax of workflows."""
        text = re.sub(r"\b(inputs|steps|github|runner)\.[\w.-]+", lambda found: repr(self.looked_up(found[0])), expression)
        functions = {
            "success": lambda: not self.failed,
            "failure": lambda: self.failed,
            "always": lambda: True,
            "hashFiles": self.hash_files,
            "format": lambda pattern, *values: pattern.format(*values),
        }
        return eval(text.replace("&&", " and ").replace("||", " or "), {"__builtins__": {}}, functions)

    def looked_up(self, name):
        context, _, rest = name.partition(".")
        if context == "inputs":
            return self.inputs[rest]
        if context == "steps":
            step, _, output = rest.partition(".outputs.")
            return self.outputs.get(step, {}).get(output, "")
        return {"runner.temp": str(self.job.temp), "github.workspace": str(self.job.workspace)}[name]

    def filled(self, text):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(self.value(found[1].strip())), str(text))

    def hash_files(self, *patterns):
        found = [file for pattern in patterns for file in self.job.workspace.glob(str(pattern).lstrip("/"))]
        inside = [file for file in found if file.is_file() and file.is_relative_to(self.job.workspace)]
        return hashlib.sha256(b"".join(file.read_bytes() for file in inside)).hexdigest() if inside else ""

    def script(self, step):
        assert "${{" not in step["run"], "an expression inside a script is a script injection"
        assert step["shell"] == "bash"
        output, summary, script = (self.job.temp / name for name in ("_output", "_summary", "_script.sh"))
        output.write_text("")
        summary.write_text("")
        script.write_text(step["run"])
        variables = {
            "RUNNER_TEMP": self.job.temp,
            "GITHUB_WORKSPACE": self.job.workspace,
            "GITHUB_ACTION_PATH": self.path,
            "GITHUB_OUTPUT": output,
            "GITHUB_STEP_SUMMARY": summary,
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            **{name: self.filled(value) for name, value in step.get("env", {}).items()},
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.job.workspace / self.filled(step.get("working-directory", ".")),
            env={**os.environ, **{name: str(value) for name, value in variables.items()}},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        self.log += done.stdout
        self.commands += obeyed(done.stdout)
        self.summary += summary.read_text()
        self.outputs[step.get("id", "")] = key_values(output.read_text())
        return done.returncode == 0

    def stand_in(self, action, given):
        if action == "actions/upload-artifact":
            if not given["name"] or given["name"] in self.job.artifacts:
                return False
            folder = Path(given["path"])
            self.job.artifacts[given["name"]] = {file.name: file.read_text() for file in folder.rglob("*") if file.is_file()}
            return True
        assert action == "github/codeql-action/upload-sarif", action
        self.job.sarif.append(given["sarif_file"])
        return Path(given["sarif_file"]).is_file()


def key_values(text):
    """Return what a file like GITHUB_OUTPUT sets: lines ``name=value``, or ``name<<DELIMITER`` and lines up to it."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, equals, value = line.partition("=")
        if "<<" in name or not equals:
            name, _, delimiter = line.partition("<<")
            assert delimiter, f"Invalid format {line!r}"
            parts = []
            for part in lines:
                if part == delimiter:
                    break
                parts.append(part)
            else:
                raise AssertionError(f"Matching delimiter not found {delimiter!r}")
            value = "\n".join(parts)
        found[name] = value
    return found


def obeyed(log):
    """Return the workflow commands of a log that the runner obeys, as (name, text)."""
    found, stopped = [], None
    for line in log.splitlines():
        command = re.match(r"\s*::([\w-]+)(?:\s[^:]*)?::(.*)", line)
        if stopped is not None:
            stopped = None if line.strip() == f"::{stopped}::" else stopped
        elif command and command[1] == "stop-commands":
            stopped = command[2]
        elif command:
            found.append((command[1], command[2]))
    return found
