"""The ruler of the reading: real trainings whose best learning rate is known, because every rate was tried.

workloads  what is trained, on the datasets, networks and optimizers of their modules
measure    range-test curves, and the truth: a training at every quarter of a decade, constant and OneCycle
data.npz   both, measured once
score      regret and good set of each rule and of the reading, with intervals

    make bench-suggestions                      score what is measured (seconds)
    python -m benchmarks.suggestions measure    measure again (a quarter of an hour on two cores)
"""
