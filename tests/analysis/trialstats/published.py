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

# Box, Hunter and Hunter 1978, p. 100: wear of shoes of two materials on the feet of ten boys; MASS's data set `shoes`
SHOES = np.array(
    [[13.2, 8.2, 10.9, 14.3, 10.7, 6.6, 9.5, 10.8, 8.8, 13.3], [14.0, 8.8, 11.2, 14.2, 11.8, 6.4, 9.8, 11.3, 9.3, 13.6]]
).T

# Potthoff and Roy 1964: a distance in the skull of 16 boys and 11 girls in mm; nlme's data set `Orthodont`
GROWTH_AGES = np.array([8.0, 10.0, 12.0, 14.0])
BOYS = np.array(
    [
        [26.0, 25.0, 29.0, 31.0],
        [21.5, 22.5, 23.0, 26.5],
        [23.0, 22.5, 24.0, 27.5],
        [25.5, 27.5, 26.5, 27.0],
        [20.0, 23.5, 22.5, 26.0],
        [24.5, 25.5, 27.0, 28.5],
        [22.0, 22.0, 24.5, 26.5],
        [24.0, 21.5, 24.5, 25.5],
        [23.0, 20.5, 31.0, 26.0],
        [27.5, 28.0, 31.0, 31.5],
        [23.0, 23.0, 23.5, 25.0],
        [21.5, 23.5, 24.0, 28.0],
        [17.0, 24.5, 26.0, 29.5],
        [22.5, 25.5, 25.5, 26.0],
        [23.0, 24.5, 26.0, 30.0],
        [22.0, 21.5, 23.5, 25.0],
    ]
)
GIRLS = np.array(
    [
        [21.0, 20.0, 21.5, 23.0],
        [21.0, 21.5, 24.0, 25.5],
        [20.5, 24.0, 24.5, 26.0],
        [23.5, 24.5, 25.0, 26.5],
        [21.5, 23.0, 22.5, 23.5],
        [20.0, 21.0, 21.0, 22.5],
        [21.5, 22.5, 23.0, 25.0],
        [23.0, 23.0, 23.5, 24.0],
        [20.0, 21.0, 22.0, 21.5],
        [16.5, 19.0, 19.0, 19.5],
        [24.5, 25.0, 28.0, 28.0],
    ]
)
