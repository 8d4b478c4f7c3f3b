"""How the tests are spread over processes: one by one, but a file that runs one bot for all of them stays whole."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

WHOLE = ("test_demo.py", "test_fault_matrix.py")


class Spreading(LoadScopeScheduling):
    """What has the same scope runs in the same process. (xdist's own `--dist loadgroup` does nothing on pytest 9.2.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.endswith(WHOLE) else nodeid
