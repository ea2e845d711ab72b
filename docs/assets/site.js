/* What scrolls sideways can be reached with the keyboard; the search says what it is. */
document.addEventListener("DOMContentLoaded", function () {
  var search = document.querySelector(".md-search[role=dialog]")
  if (search) search.setAttribute("aria-label", "Search")
  document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code").forEach(function (part) {
    if (part.scrollWidth > part.clientWidth) part.setAttribute("tabindex", "0")
  })
})
