/* Draws every element that carries a data-spec (a Vega-Lite specification), in the colours of the
   page's style, as wide as the page allows; draws again when style or width change. The drawing
   code is vendored beside this file and loaded only where a page has charts. */
(function () {
  "use strict"
  var here = document.currentScript.src.replace(/charts\.js.*$/, "")
  var parts = ["vega.min.js", "vega-lite.min.js", "vega-embed.min.js"]

  function load(names, then) {
    if (!names.length) return then()
    var script = document.createElement("script")
    script.src = here + "vendor/" + names[0]
    script.onload = function () { load(names.slice(1), then) }
    document.head.appendChild(script)
  }

  function mode() {
    return document.body.getAttribute("data-md-color-scheme") === "slate" ? "dark" : "light"
  }

  /* Lines of a title were broken for the full width; break them again for this one. */
  function wrap(lines, letters) {
    if (!lines) return lines
    var words = [].concat(lines).join(" ").split(" "), out = [""]
    words.forEach(function (word) {
      var last = out[out.length - 1]
      if (last && (last + " " + word).length > letters) out.push(word)
      else out[out.length - 1] = last ? last + " " + word : word
    })
    return out
  }

  function fewerColumns(node, columns) {
    if (!node || typeof node !== "object") return
    if (node.legend && node.legend !== null && typeof node.legend === "object")
      node.legend.columns = Math.min(node.legend.columns || columns, columns)
    Object.keys(node).forEach(function (key) { if (key !== "values") fewerColumns(node[key], columns) })
  }

  function fitted(text, room) {
    var spec = JSON.parse(text)
    var narrow = room < 560
    if (spec.title && typeof spec.title === "object") {
      spec.title.text = wrap(spec.title.text, Math.floor(room / 9.2))
      if (spec.title.subtitle) spec.title.subtitle = wrap(spec.title.subtitle, Math.floor(room / 6.9))
    }
    if (spec.facet && spec.spec) {
      var columns = narrow ? 1 : spec.columns || 1
      spec.columns = columns
      spec.spec.width = Math.floor((room - 85 - 30 * (columns - 1)) / columns)
    } else if (typeof spec.width === "number") {
      spec.width = room
    }
    if (narrow) fewerColumns(spec, 2)
    return spec
  }

  function draw(place) {
    var text = place.getAttribute("data-spec")
    var room = Math.max(280, Math.min(900, Math.floor(place.clientWidth)))
    var config = JSON.parse(JSON.stringify(window.armscostThemes[mode()]))
    config.aria = false  // the place says what it shows; its marks need not be read out one by one
    if (room < 560) config.axis.labelLimit = 110
    place.setAttribute("data-drawn", "no")
    return vegaEmbed(place, fitted(text, room), {
      actions: false, renderer: "svg", config: config, mode: "vega-lite",
      tooltip: { theme: mode() === "dark" ? "dark" : "light" }
    }).then(function () {
      place.querySelector("svg").setAttribute("aria-hidden", "true")
      place.setAttribute("data-drawn", mode())
      place.setAttribute("data-room", room)
    })
  }

  function start() {
    var places = [].slice.call(document.querySelectorAll("[data-spec]"))
    if (!places.length) return
    load(parts, function () {
      var all = function () { return places.reduce(function (done, place) {
        return done.then(function () { return draw(place) })
      }, Promise.resolve()) }
      var turn = all()
      var again = function () { turn = turn.then(all) }
      new MutationObserver(again).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] })
      var width = window.innerWidth, wait
      window.addEventListener("resize", function () {
        if (window.innerWidth === width) return
        width = window.innerWidth
        clearTimeout(wait)
        wait = setTimeout(again, 200)
      })
    })
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start)
  else start()
})()
