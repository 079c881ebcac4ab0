"""Work on what comes from outside, done in a process of its own: a file over which a library crashes, hangs or takes
all memory costs that one piece of work and nothing else.
"""

from workstation.isolation.allowance import Allowance
from workstation.isolation.calling import call, warm_up
from workstation.isolation.worker import Answer, Died, How

__all__ = ["Allowance", "Answer", "Died", "How", "call", "warm_up"]
