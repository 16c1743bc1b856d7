"""Runs AWS CLI commands in one process: a list of words as JSON a line in, how it ended as JSON a line out."""
import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver

driver = create_clidriver()
for line in sys.stdin:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = driver.main(json.loads(line))
        except SystemExit as e:
            code = e.code
    print(json.dumps({"code": code, "said": said.getvalue()}), flush=True)
