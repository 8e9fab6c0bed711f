// For other sites that the operator allows: <script src="https://…/embed.js" async></script>
// adds a floating button that opens the chat. data-label changes its words, data-area its area.
(function () {
  var script = document.currentScript;
  var home = new URL("./", script.src);
  if (script.dataset.area) home.searchParams.set("area", script.dataset.area);
  var label = script.dataset.label || "问政策";
  var button = document.createElement("button");
  var box = document.createElement("div");
  var frame = null;

  function style(node, rules) { Object.assign(node.style, rules); }

  function show(open) {
    if (open && !frame) {
      frame = document.createElement("iframe");
      frame.src = home.href;
      frame.title = "条问 · 政策问答";
      frame.allow = "clipboard-write";
      style(frame, { width: "100%", height: "100%", border: "0" });
      box.append(frame);
    }
    box.style.display = open ? "block" : "none";
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "关闭" : label;
    if (open) frame.focus();
  }

  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.textContent = label;
  style(button, {
    position: "fixed", right: "20px", bottom: "20px", zIndex: "2147483001", minHeight: "52px",
    padding: "0 22px", border: "0", borderRadius: "26px", background: "#14507f", color: "#fff",
    font: "600 18px/1.4 system-ui, sans-serif", cursor: "pointer",
    boxShadow: "0 4px 18px rgb(0 0 0 / 28%)",
  });
  style(box, {
    position: "fixed", right: "20px", bottom: "84px", zIndex: "2147483000", display: "none",
    width: "min(430px, calc(100vw - 40px))", height: "min(700px, calc(100vh - 108px))",
    borderRadius: "16px", overflow: "hidden", background: "#fff",
    boxShadow: "0 8px 40px rgb(0 0 0 / 30%)",
  });
  button.addEventListener("click", function () { show(box.style.display === "none"); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && box.style.display !== "none") { show(false); button.focus(); }
  });
  function place() { document.body.append(box, button); }
  if (document.body) place(); else document.addEventListener("DOMContentLoaded", place);
})();
