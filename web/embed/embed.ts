/**
 * The one tag a bank puts on its page: <script src="https://host/embed.js" async></script>
 *
 * Shows a button that opens /chat in a frame from our own origin. It reads nothing of the page around it and
 * keeps nothing there; the button sits in a shadow root, so that neither side's styles touch the other's.
 *
 * Attributes of the tag:
 *   data-position  right (default) | left
 *   data-label     the button's words, default 在线客服
 *   data-color     #rrggbb for the button, default deep green; keep it dark, the words on it are white
 *   data-theme     light | dark, default as the device is set
 *
 * Events on the page's document: `shouwen:open` opens the chat; when the chat asks who is signed in, the page
 * hears `shouwen:bank-token-wanted`. A page that can tell calls preventDefault() on it and answers within 1.5 s
 * with `shouwen:bank-token` (detail: the JWT); for any other page the chat does not wait.
 */
(() => {
  const tag = document.currentScript as HTMLScriptElement | null;
  if (!tag?.src) return;
  const origin = new URL(tag.src).origin;
  const { position, label = "在线客服", color = "", theme = "" } = tag.dataset;
  const strong = /^#[0-9a-f]{6}$/i.test(color) ? color : "#0b5d4b";
  const side = position === "left" ? "left" : "right";

  const css = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    button, iframe { position: fixed; z-index: 2147483000; }
    button { ${side}: max(24px, env(safe-area-inset-${side})); bottom: max(24px, env(safe-area-inset-bottom));
      display: flex; align-items: center; gap: 8px; min-height: 48px; padding: 0 20px; border: 1px solid rgb(255 255 255 / 40%); border-radius: 24px;
      background: ${strong}; color: #fff; box-shadow: 0 4px 16px rgb(0 0 0 / 20%); cursor: pointer;
      font: 600 16px/1.5 "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
    button:focus-visible { outline: 3px solid #fff; outline-offset: 2px; box-shadow: 0 0 0 5px ${strong}; }
    svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linejoin: round; }
    b { min-width: 24px; padding: 0 6px; border-radius: 12px; background: #fff; color: ${strong};
      font-size: 14px; line-height: 24px; text-align: center; }
    [hidden] { display: none; }
    iframe { ${side}: 24px; bottom: 88px; width: 440px; height: min(720px, calc(100vh - 112px)); border: 0;
      border-radius: 8px; background: #fff; box-shadow: 0 8px 32px rgb(0 0 0 / 24%); color-scheme: normal; }
    @media (max-width: 480px), (max-height: 480px) {
      iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; }
      button[aria-expanded="true"] { display: none; }
    }
    @media print { button, iframe { display: none; } }`;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const launcher = document.createElement("button");
  const words = document.createElement("span");
  const badge = document.createElement("b");
  let frame: HTMLIFrameElement | null = null;
  let open = false;

  function dress(): void {
    if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
      return;
    }
    const style = document.createElement("style");
    style.textContent = css;
    root.append(style);
  }

  function bubble(): SVGSVGElement {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M4 5h16v11h-8l-4 4v-4H4z");
    svg.append(path);
    return svg;
  }

  function say(type: string, more: object = {}): void {
    frame?.contentWindow?.postMessage({ from: "shouwen-embed", type, ...more }, origin);
  }

  function makeFrame(): HTMLIFrameElement {
    const made = document.createElement("iframe");
    made.src = `${origin}/chat${theme ? `?theme=${encodeURIComponent(theme)}` : ""}`;
    made.title = label;
    made.allow = "clipboard-write";
    made.referrerPolicy = "no-referrer";
    made.id = "chat";
    made.addEventListener("load", () => {
      say("hello");
      say(open ? "opened" : "closed");
    });
    root.append(made);
    return made;
  }

  function show(): void {
    open = true;
    frame ??= makeFrame();
    frame.hidden = false;
    launcher.setAttribute("aria-expanded", "true");
    frame.focus();
    say("opened");
  }

  function hide(): void {
    if (!open || !frame) return;
    open = false;
    frame.hidden = true;
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
    say("closed");
  }

  function count(unread: number): void {
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    launcher.setAttribute("aria-label", unread ? `${label}，${unread} 条未读消息` : label);
  }

  function hear(event: MessageEvent): void {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    const said: unknown = event.data;
    if (typeof said !== "object" || said === null || !("type" in said)) return;
    if (said.type === "close") hide();
    if (said.type === "unread" && "count" in said) count(Number(said.count) || 0);
    if (said.type === "bank-token-wanted") askPage();
  }

  function askPage(): void {
    const wanted = new CustomEvent("shouwen:bank-token-wanted", { cancelable: true });
    if (document.dispatchEvent(wanted)) say("bank-token", { token: "" });
  }

  function start(): void {
    dress();
    words.textContent = label;
    launcher.type = "button";
    launcher.setAttribute("aria-expanded", "false");
    launcher.setAttribute("aria-label", label);
    badge.hidden = true;
    launcher.append(bubble(), words, badge);
    launcher.addEventListener("click", () => (open ? hide() : show()));
    root.append(launcher);
    document.body.append(host);
  }

  addEventListener("message", hear);
  document.addEventListener("shouwen:open", show);
  document.addEventListener("shouwen:bank-token", (event) => {
    const token = (event as CustomEvent<unknown>).detail;
    if (typeof token === "string") say("bank-token", { token });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && open && !event.isComposing) hide();
  });
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
