"""Claims tested against the figures, and figures that disagree, in the open."""

from armscost.evidence.claims import ClaimCheck as ClaimCheck
from armscost.evidence.claims import check_claims as check_claims
from armscost.evidence.conflicts import Conflicts as Conflicts
from armscost.evidence.conflicts import conflicts as conflicts
from armscost.evidence.contributions import contribution_totals as contribution_totals
