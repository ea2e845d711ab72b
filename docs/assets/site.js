/* What scrolls sideways can be reached with the keyboard. */
document.addEventListener("DOMContentLoaded", function () {
  document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code").forEach(function (part) {
    if (part.scrollWidth > part.clientWidth) part.setAttribute("tabindex", "0")
  })
})
