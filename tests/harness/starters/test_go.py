"""The Go starter's values: which become members of the protocol's token, and what a key with one text or several becomes."""

import json
import subprocess

import pytest

from tests.harness.starters.programs import build, shared_folder

pytestmark = pytest.mark.slow

PROGRAM = """\
package main

import (
	"encoding/json"
	"math"
	"os"
	"time"

	"MODULE/adapterloop"
)

type seconds int64

func main() {
	values := map[string]any{
		"int": 3600, "int64": int64(3600), "uint32": uint32(3600), "float32": float32(3600), "float64": 3600.5,
		"defined": seconds(3600), "json number": json.Number("3600"), "pointer": &[]int{3600}[0], "nil pointer": (*int)(nil),
		"infinite": math.Inf(1), "no number": json.Number("soon"),
		"duration": time.Hour, "text": "3600", "bool": true, "time": time.Unix(3600, 0).UTC(), "nil": nil,
	}
	tokens := map[string]any{}
	for name, value := range values {
		tokens[name] = adapterloop.NewToken(map[string]any{"access_token": "a", "expires_in": value})
	}
	resources := map[string]any{}
	for name, given := range map[string]string{"one": `"a"`, "several": `["a", "b"]`, "none": `[]`, "null": `null`} {
		var config adapterloop.Config
		if err := json.Unmarshal([]byte(`{"resource": ` + given + `}`), &config); err != nil {
			panic(err)
		}
		resources[name] = config.Resource
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{"tokens": tokens, "resources": resources})
}
"""


@pytest.fixture(scope="module")
def values(tmp_path_factory):
    folder = build("go", shared_folder(tmp_path_factory))
    module = (folder / "go.mod").read_text().splitlines()[0].removeprefix("module ")
    (folder / "numbers").mkdir(exist_ok=True)
    (folder / "numbers" / "main.go").write_text(PROGRAM.replace("MODULE", module))
    done = subprocess.run(["go", "run", "./numbers"], cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def tokens(values):
    return values["tokens"]


@pytest.mark.parametrize("name", ["int", "int64", "uint32", "float32", "defined", "duration", "json number", "pointer"])
def test_a_lifetime_of_any_number_type_is_kept(tokens, name):
    assert tokens[name] == {"access_token": "a", "expires_in": 3600, "extra": {}}


def test_a_fraction_is_kept(tokens):
    assert tokens["float64"]["expires_in"] == 3600.5


@pytest.mark.parametrize(("name", "kept"), [("text", "3600"), ("bool", True), ("time", "1970-01-01T01:00:00Z")])
def test_a_lifetime_of_another_type_goes_into_extra(tokens, name, kept):
    assert tokens[name] == {"access_token": "a", "extra": {"expires_in": kept}}


@pytest.mark.parametrize("name", ["nil", "nil pointer", "infinite", "no number"])
def test_no_lifetime_is_no_member(tokens, name):
    assert tokens[name] == {"access_token": "a", "extra": {}}


@pytest.mark.parametrize(("given", "read"), [("one", ["a"]), ("several", ["a", "b"]), ("none", []), ("null", None)])
def test_a_key_with_one_text_or_several_is_a_list(values, given, read):
    assert values["resources"][given] == read
