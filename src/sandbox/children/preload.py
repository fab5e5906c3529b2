"""Prepares a snapshot: imports the modules that the code expert's programs import, and uses the parts of sympy that start slowly."""

import bisect, calendar, cmath, collections, copy, dataclasses, datetime, decimal, enum, fractions, functools, heapq, io, itertools
import json, math, operator, random, re, secrets, statistics, string, textwrap, time, traceback, typing

import mpmath
import sympy
import sympy.ntheory
import sympy.parsing.sympy_parser
import sympy.solvers
import sympy.solvers.inequalities
import sympy.stats

x, y = sympy.symbols("x y")
sympy.solve(x**2 - 2, x)
sympy.solve([x + y - 3, x - y - 1], [x, y])
sympy.integrate(sympy.sin(x), x)
sympy.diff(x**2, x)
sympy.limit(sympy.sin(x) / x, x, 0)
sympy.Matrix([[1, 2], [3, 4]]).det()
sympy.simplify(sympy.sin(x) ** 2 + sympy.cos(x) ** 2)
sympy.factor(x**2 - 1)
sympy.expand((x + 1) ** 3)
sympy.N(sympy.pi, 30)
sympy.factorint(360360)
sympy.solve_univariate_inequality(x**2 < 4, x)
str(sympy.Rational(1, 3))
