// Starts the page. It stands in a file of its own because the Content-Security-Policy allows no inline script;
// trunk writes the names of the built files into the attributes of the script element (Trunk.toml).
const { script, wasm } = document.getElementById("start").dataset;
try {
  const { default: init } = await import(script);
  await init({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  const message = document.getElementById("boot");
  if (message) message.textContent = `Packet Theater could not start: ${error}. 报文剧场无法启动。`;
  throw error;
}
