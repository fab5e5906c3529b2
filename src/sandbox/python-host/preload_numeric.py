"""Prepares the fork server: imports the packages and uses their parts that start slowly."""

import mpmath  # noqa: F401
import numpy
import scipy.integrate
import scipy.interpolate
import scipy.linalg
import scipy.optimize
import scipy.special
import scipy.stats
import sympy


def warm():
    x = sympy.symbols("x")
    sympy.solve(x**2 - 2, x)
    sympy.integrate(sympy.sin(x), x)
    sympy.simplify(sympy.sin(x) ** 2 + sympy.cos(x) ** 2)
    numpy.linalg.solve(numpy.eye(2), numpy.ones(2))
    scipy.optimize.minimize(lambda v: (v[0] - 1) ** 2, [0.0])
    scipy.integrate.quad(lambda t: t, 0, 1)
    scipy.stats.norm.cdf(0.0)
