"""The same over anybody's table: same rows, same order, nothing dropped, nothing rounded."""

from armscost.frames.rebasing import rebase_frame as rebase_frame
