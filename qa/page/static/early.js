// Runs before anything is painted, on every page: colours and type size as the visitor chose them.
(function () {
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var look = {};
  try { look = JSON.parse(localStorage.getItem("tiaowen.look") || "{}") || {}; } catch (error) { /* storage forbidden */ }
  function paint() {
    var chosen = look.theme === "light" || look.theme === "dark" ? look.theme : "";
    root.dataset.theme = chosen || (dark.matches ? "dark" : "light");
    root.dataset.type = look.large ? "large" : "normal";
    if (window.self !== window.top) root.dataset.framed = "";
  }
  window.tiaowenLook = {
    get: function () { return { theme: look.theme || "system", large: Boolean(look.large) }; },
    set: function (changed) {
      look = Object.assign({}, look, changed);
      try { localStorage.setItem("tiaowen.look", JSON.stringify(look)); } catch (error) { /* until reload */ }
      paint();
    },
  };
  if (dark.addEventListener) dark.addEventListener("change", paint);
  paint();
})();
