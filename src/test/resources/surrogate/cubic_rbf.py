"""Writes cubic_rbf.json: predictions of the cubic RBF interpolant with a linear tail.

The textbook saddle system [[Phi, P], [P', 0]] [w; c] = [f; 0] with Phi_ij = |x_i - x_j|^3 and
P_i = (1, x_i), no smoothing, is solved with 60 decimal digits, so the file holds the exact values
to double precision. Run: python3 cubic_rbf.py > cubic_rbf.json
"""

import json
import random
from decimal import Decimal, getcontext

getcontext().prec = 60


def cubed_distance(a, b):
    square = sum((p - q) ** 2 for p, q in zip(a, b))
    return square * square.sqrt()


def solve(matrix, right):
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    size = len(rows)
    for k in range(size):
        pivot = max(range(k, size), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(k + 1, size):
            factor = rows[i][k] / rows[k][k]
            for j in range(k, size + 1):
                rows[i][j] -= factor * rows[k][j]
    solution = [Decimal(0)] * size
    for k in reversed(range(size)):
        known = sum(rows[k][j] * solution[j] for j in range(k + 1, size))
        solution[k] = (rows[k][size] - known) / rows[k][k]
    return solution


def case(name, points, features, draw, generator):
    x = [[draw(generator) for _ in range(features)] for _ in range(points)]
    y = [round(generator.uniform(5, 40), 3) for _ in range(points)]
    queries = [[draw(generator) for _ in range(features)] for _ in range(15)]
    exact = [[Decimal(v) for v in row] for row in x]
    tail = [[Decimal(1)] + row for row in exact]
    matrix = [[cubed_distance(a, b) for b in exact] + t for a, t in zip(exact, tail)]
    for k in range(features + 1):
        matrix.append([t[k] for t in tail] + [Decimal(0)] * (features + 1))
    solution = solve(matrix, [Decimal(v) for v in y] + [Decimal(0)] * (features + 1))
    predicted = []
    for query in queries:
        q = [Decimal(v) for v in query]
        value = sum(w * cubed_distance(q, p) for w, p in zip(solution, exact))
        value += sum(c * t for c, t in zip(solution[points:], [Decimal(1)] + q))
        predicted.append(float(value))
    return {"name": name, "x": x, "y": y, "queries": queries, "predicted": predicted}


def main():
    generator = random.Random(20)
    integers = lambda g: g.randint(0, 9)
    cases = [
        case("integers, 3 features", 25, 3, integers, generator),
        case("integers, 12 features", 60, 12, integers, generator),
        case("integers, barely determined tail", 9, 7, integers, generator),
        case("real numbers far from zero", 30, 4, lambda g: g.uniform(200, 300), generator),
    ]
    print(json.dumps(cases))


main()
