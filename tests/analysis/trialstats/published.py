"""Data and results from the literature and from the manuals of other programs."""

import numpy as np

# Cushny and Peebles 1905, extra hours of sleep under two drugs, in Student (1908); R's data set `sleep`
SLEEP_1 = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SLEEP_2 = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])

# Darwin 1876, maize, differences in eighths of an inch, in Fisher, The design of experiments (1935), ch. III
MAIZE = np.array([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75], float)

# Hollander and Wolfe 1973, p. 29, depression scores before and after; the example of R's wilcox.test
DEPRESSION_BEFORE = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
DEPRESSION_AFTER = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])

# Shapiro and Wilk 1965, section 4: weights of 11 men in pounds
WEIGHTS = np.array([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236], float)
