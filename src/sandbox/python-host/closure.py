"""
Prints as JSON what a sandbox for this Python needs: the program, the standard library and every loaded shared library.
Arguments: the kind of template (server.py), the folder of its packages.
"""

import importlib
import json
import os
import runpy
import sys
import sysconfig

kind, packages = sys.argv[1:]
scripts = os.path.dirname(os.path.abspath(__file__))
library = sysconfig.get_path("stdlib")
sys.path.insert(0, packages)
if kind == "native":
    # Compiles the packages beside their files.
    runpy.run_path(os.path.join(scripts, "preload_numeric.py"))["warm"]()
    # Programs may import any of these.
    extensions = os.path.join(library, "lib-dynload")
    for name in sorted(os.listdir(extensions)):
        module = name.split(".")[0]
        if "tkinter" not in module and "test" not in module and "xx" not in module:
            try:
                importlib.import_module(module)
            except Exception:
                # An extension whose library is not on this machine is not in the sandbox either.
                continue
# Leave no compiled files beside the scripts.
sys.dont_write_bytecode = True
sys.path[:0] = [scripts, os.path.join(scripts, "../children")]
for name in ("server", kind):
    importlib.import_module(name)
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
