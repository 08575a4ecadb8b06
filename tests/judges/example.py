"""Runs one of the documents' Python examples: `python -u example.py hydra`.

Only the address and the token are replaced; one that is not found is an error, so that the example stays the document's.
"""

import os
import pathlib
import sys

ADDRESS, TOKEN, SUBJECT = (os.environ[name] for name in ("ADDRESS", "TOKEN", "SUBJECT"))
REPLACED = {
    "hyprwatch": [("wss://hyprwatch.cloud/api/socket/websocket", ADDRESS), ("hw_live_xxx", TOKEN)],
    "hydra": [("wss://api.hydra.app/stream", ADDRESS), ("eyJhbGci...", TOKEN)],
}

name = sys.argv[1]
code = (pathlib.Path(__file__).parent / "seeds" / f"{name}.py").read_text()
for placeholder, value in REPLACED[name]:
    if placeholder not in code:
        raise SystemExit(f"the example {name} has no {placeholder}")
    code = code.replace(placeholder, value)

exec(compile(code, f"seeds/{name}.py", "exec"), {"__name__": "__main__", "org_id": SUBJECT})
