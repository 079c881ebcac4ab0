"""Data of worked examples from the literature, and from the manuals of other programs."""

import numpy as np

# Shrout and Fleiss 1979, table 2: four judges, six targets
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)

# R, package irr, data set `anxiety`: three raters, twenty persons
ANXIETY = np.array(
    [
        [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    ],
    float,
).T

# Bland and Altman 1986, table 1: peak expiratory flow of 17 people in L/min, twice with each of two meters
WRIGHT_1 = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427], float)
WRIGHT_2 = np.array([490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421], float)
MINI_1 = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451], float)
MINI_2 = np.array([525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443], float)

# Cohen 1960: 200 patients, three classes
COHEN = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])

# Fleiss, Statistical methods for rates and proportions, chapter 13: 100 patients, two raters
FLEISS = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]])

# Agresti 1990, answers of 91 couples; R, package vcd, data set `SexualFun`
COUPLES = np.array([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]])
