"""Programs that users of the committed clients write.

They are checked strictly by mypy and pyright and run against the loopback server; `mistakes.py` is
never run: it holds what both checkers must refuse.
"""
