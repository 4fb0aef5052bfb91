// Starts the program that the worker is named after. trunk's own loader shim would do but for two things: it calls the
// initialiser in a deprecated way (a console warning), and it swallows a wasm file that fails to load. Thrown from a
// timer, the error reaches the page as the worker's `error` event.
const program = self.name || "worker";
importScripts(`./${program}.js`);
wasm_bindgen({ module_or_path: `./${program}_bg.wasm` }).catch((error) => setTimeout(() => { throw error; }));
