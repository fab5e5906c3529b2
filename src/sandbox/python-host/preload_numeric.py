"""Prepares the fork server: imports the packages and uses their parts that start slowly."""

import math

import mpmath  # noqa: F401
import numpy
import scipy.integrate
import scipy.interpolate
import scipy.linalg
import scipy.optimize
import scipy.special
import scipy.stats
import sympy


# Names that went with numpy 2 and scipy 1.14. Models still write them.
OLD_NUMPY = """trapz=trapezoid product=prod cumproduct=cumprod alltrue=all sometrue=any in1d=isin round_=round float_=float64 NaN=nan
complex_=complex128 NAN=nan Inf=inf infty=inf mat=asmatrix row_stack=vstack"""
OLD_SCIPY = "trapz=trapezoid cumtrapz=cumulative_trapezoid simps=simpson"
OF_PYTHON = {"int": int, "float": float, "complex": complex, "object": object, "str": str, "math": math}


def name_as_before():
    for module, names in ((numpy, OLD_NUMPY), (scipy.integrate, OLD_SCIPY)):
        for old, new in (pair.split("=") for pair in names.split()):
            vars(module).setdefault(old, getattr(module, new))
    for name, value in OF_PYTHON.items():
        vars(numpy).setdefault(name, value)


def warm():
    name_as_before()
    x = sympy.symbols("x")
    sympy.solve(x**2 - 2, x)
    sympy.integrate(sympy.sin(x), x)
    sympy.simplify(sympy.sin(x) ** 2 + sympy.cos(x) ** 2)
    numpy.linalg.solve(numpy.eye(2), numpy.ones(2))
    scipy.optimize.minimize(lambda v: (v[0] - 1) ** 2, [0.0])
    scipy.integrate.quad(lambda t: t, 0, 1)
    scipy.stats.norm.cdf(0.0)
