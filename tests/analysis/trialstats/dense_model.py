"""The mixed model by its textbook formulas, all values of all subjects in one vector: slow, to compare with."""

import numpy as np


class DenseModel:
    """REML, Kenward–Roger and CR2 of values (n, T) with NaN, at one covariance of the visits."""

    def __init__(self, values, basis, parameters):
        subject, visit = np.nonzero(~np.isnan(values))
        self.subject, self.y = subject, values[subject, visit]
        self.x = np.eye(values.shape[1])[visit]
        same = subject[:, None] == subject
        self.derivatives = [np.where(same, part[np.ix_(visit, visit)], 0) for part in basis]
        self.v = sum(p * d for p, d in zip(parameters, self.derivatives, strict=True))
        self.v_inv = np.linalg.inv(self.v)
        self.phi = np.linalg.inv(self.x.T @ self.v_inv @ self.x)
        self.effects = self.phi @ self.x.T @ self.v_inv @ self.y
        self.residual = self.y - self.x @ self.effects

    def log_likelihood(self):
        n, p = self.x.shape
        logdet = np.linalg.slogdet(self.v)[1] - np.linalg.slogdet(self.phi)[1]
        return -0.5 * (logdet + self.residual @ self.v_inv @ self.residual + (n - p) * np.log(2 * np.pi))

    def projection(self):
        return self.v_inv - self.v_inv @ self.x @ self.phi @ self.x.T @ self.v_inv

    def score(self):
        p = self.projection()
        return np.array([-0.5 * (np.trace(p @ d) - self.y @ p @ d @ p @ self.y) for d in self.derivatives])

    def information(self):
        moved = [self.projection() @ d for d in self.derivatives]
        return np.array([[0.5 * np.trace(a @ b) for b in moved] for a in moved])

    def kenward_roger(self, contrast):
        """Adjusted variance and degrees of freedom: 1997, p. 987, and their m for one contrast."""
        w = np.linalg.inv(self.information())
        of_inverse = [-self.v_inv @ d @ self.v_inv for d in self.derivatives]
        p = [self.x.T @ d @ self.x for d in of_inverse]
        middle = sum(
            w[i, j] * (self.x.T @ of_inverse[i] @ self.v @ of_inverse[j] @ self.x - p[i] @ self.phi @ p[j])
            for i in range(len(p))
            for j in range(len(p))
        )
        adjusted = self.phi + 2 * self.phi @ middle @ self.phi
        theta = np.outer(contrast, contrast) / (contrast @ self.phi @ contrast)
        traces = [np.trace(theta @ self.phi @ part @ self.phi) for part in p]
        a = sum(w[i, j] * traces[i] * traces[j] for i in range(len(p)) for j in range(len(p)))
        b = (a + 6 * a) / 2
        g = (2 * a - 5 * a) / (3 * a)
        c1, c2, c3 = g / (3 + 2 * (1 - g)), (1 - g) / (3 + 2 * (1 - g)), (3 - g) / (3 + 2 * (1 - g))
        mean = 1 / (1 - a)
        variance = 2 * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
        rho = variance / (2 * mean**2)
        df = 4 + 3 / (rho - 1)
        assert np.isclose(df / (mean * (df - 2)), 1)  # their scale λ
        return contrast @ adjusted @ contrast, df

    def bias_reduced(self, contrast):
        """CR2 and its degrees of freedom: Pustejovsky and Tipton (2018), equations 5 and 11."""
        keep = np.eye(len(self.y)) - self.x @ self.phi @ self.x.T @ self.v_inv
        arms = []
        for subject in np.unique(self.subject):
            rows = self.subject == subject
            own = np.linalg.cholesky(self.v[np.ix_(rows, rows)]).T
            spread = own @ keep[rows] @ self.v @ keep[rows].T @ own.T
            values, vectors = np.linalg.eigh(spread)
            there = values > 1e-9 * values.max()
            root = (vectors[:, there] / np.sqrt(values[there])) @ vectors[:, there].T
            pull = contrast @ self.phi @ self.x[rows].T @ self.v_inv[np.ix_(rows, rows)]
            arms.append(pull @ own.T @ root @ own @ keep[rows])
        arms = np.array(arms)
        products = arms @ self.v @ arms.T
        return float(((arms @ self.y) ** 2).sum()), np.trace(products) ** 2 / (products**2).sum()
