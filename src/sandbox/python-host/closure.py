"""Prints as JSON what a sandbox for this Python needs: the program, the standard library and every loaded shared library."""

import importlib
import json
import os
import runpy
import sys
import sysconfig

sys.path.insert(0, sys.argv[1])
# Leave no compiled files beside the scripts.
runpy.run_path(os.path.join(os.path.dirname(os.path.abspath(__file__)), "preload.py"))["warm"]()
library = sysconfig.get_path("stdlib")
extensions = os.path.join(library, "lib-dynload")
for name in sorted(os.listdir(extensions)):
    module = name.split(".")[0]
    if "tkinter" not in module and "test" not in module and "xx" not in module:
        try:
            importlib.import_module(module)
        except Exception:
            # An extension whose library is not on this machine is not in the sandbox either.
            continue
with open("/proc/self/maps", encoding="utf-8") as maps:
    mapped = {line[line.index("/") :].strip() for line in maps if "/" in line}
print(
    json.dumps(
        {
            "executable": os.path.realpath(sys.executable),
            "library": library,
            "hidden": [folder for folder in (os.path.join(library, "site-packages"),) if os.path.isdir(folder)],
            "mapped": sorted(path for path in mapped if ".so" in os.path.basename(path)),
        }
    )
)
