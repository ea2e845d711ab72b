"""The same over anybody's table: same rows, same order, nothing dropped, nothing rounded."""

from armscost.frames.files import FileSummary as FileSummary
from armscost.frames.files import rebase_file as rebase_file
from armscost.frames.rebasing import rebase_frame as rebase_frame
