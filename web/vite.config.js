import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const pages = readdirSync(here).filter((name) => name.endsWith(".html"));

/** The bank's tag is a classic script under a fixed name: it may not import a chunk. */
const embedStandsAlone = {
  name: "embed-stands-alone",
  generateBundle(_options, bundle) {
    const embed = bundle["embed.js"];
    if (!embed || embed.imports.length > 0 || embed.exports.length > 0) {
      this.error("embed.js must be one file without imports or exports");
    }
  },
};

export default defineConfig({
  root: here,
  plugins: [embedStandsAlone],
  server: { proxy: { "/api": { target: "http://127.0.0.1:8000", ws: true } } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // Banking apps' WebViews lag behind: no syntax newer than 2020.
    target: ["es2020", "chrome87", "safari14"],
    // Everything is a file of its own: a data: address would need room in the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rollupOptions: {
      input: {
        ...Object.fromEntries(pages.map((name) => [name.replace(".html", ""), here + name])),
        embed: here + "embed/embed.ts",
      },
      output: {
        entryFileNames: (chunk) => (chunk.name === "embed" ? "embed.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
