(() => {
  if (parent === window) return;
  const { event } = document.currentScript.dataset;
  const main = document.querySelector("main");
  const tell = (message) => parent.postMessage(message, "*");
  // Not the document's height, which is never less than that of the frame.
  const height = () => main.offsetHeight + 2 * main.offsetTop;
  new ResizeObserver(() => tell({ type: "roster:height", height: height() })).observe(main);
  if (event) tell({ type: "roster:booked", event });
})();
