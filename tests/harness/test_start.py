"""What the processes of a run import when they start. Each run starts three processes or more, and many scenarios start one."""

import subprocess
import sys

import pytest

SLOW = {"_pytest", "authlib", "cryptography", "flask", "hypothesis", "jinja2", "jwt", "oauth_gauntlet.requirement"}


def judge(folder, *client):
    """Judge a client in a few scenarios, which it passes."""
    command = [sys.executable, "-m", "oauth_gauntlet", "run", *client, "-q", "-k", "auth.none and password"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(
            "import oauth_gauntlet.cli.run, oauth_gauntlet.cli.run_scenarios, oauth_gauntlet.adapters.client_spec\n"
            "from oauth_gauntlet.judging.requirement_sets import named_requirement_set\n"
            "from oauth_gauntlet.judging.own_scenarios import own_scenarios\n"
            "named_requirement_set('all'), own_scenarios(())",
            id="the process that the user starts",
        ),
        pytest.param("import oauth_gauntlet.adapters.python_program, oauth_gauntlet.reference", id="the reference client"),
    ],
)
def test_a_process_imports_nothing_slow_before_it_needs_it(code):
    code += f"\nimport sys; print(sorted({SLOW!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_judging_process_does_not_import_a_client_that_the_run_has_imported(tmp_path):
    (tmp_path / "counted.py").write_text(
        "import os, sys\n"
        "with open('importing', 'a') as file:\n"
        "    file.write(f'{os.getpid()} {sys.argv[0].rpartition(\"/\")[2]}\\n')\n"
        "from oauth_gauntlet.reference import make_client\n"
    )
    judge(tmp_path, "--client", "py:counted:make_client")
    importing = [line.split()[1] for line in (tmp_path / "importing").read_text().splitlines()]
    assert importing == ["__main__.py", "-c"], "the run to check it, and the client's own process"


def test_the_judging_process_collects_garbage_while_it_judges_and_not_while_it_imports(tmp_path):
    (tmp_path / "collecting.py").write_text(
        "import gc\n"
        "from oauth_gauntlet.reference.client import ReferenceClient\n"
        "class Noting(ReferenceClient):\n"
        "    def note(self, operation):\n"
        "        with open('noted', 'a') as file:\n"
        "            file.write(f'{operation} {gc.isenabled()} {gc.get_freeze_count() > 1000}\\n')\n"
        "    def hello(self):\n"
        "        self.note('hello')\n"
        "        return super().hello()\n"
        "    def configure(self, config):\n"
        "        self.note('configure')\n"
        "        super().configure(config)\n"
    )
    judge(tmp_path, "--client", "py:collecting:Noting", "--in-process")
    noted = (tmp_path / "noted").read_text().splitlines()
    assert noted[0] == "hello False False"
    assert set(noted[1:]) == {"configure True True"}
