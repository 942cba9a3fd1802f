import "./styles/tokens.css";
import "./styles/frame.css";
import "./styles/messages.css";
import "./styles/cards.css";
import "./elements/chat-app";
import { applyLook } from "./settings";

applyLook();

/** A touch keyboard shrinks what is seen, not the page: the frame follows what is seen. */
function followKeyboard(view: VisualViewport): void {
  const fit = (): void =>
    document.documentElement.style.setProperty("--seen-height", `${Math.round(view.height)}px`);
  view.addEventListener("resize", fit);
  fit();
}

if (window.visualViewport) followKeyboard(window.visualViewport);
