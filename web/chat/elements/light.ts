import { LitElement } from "lit";

/**
 * An element that draws into the page itself. The page is ours alone, so a shadow root would guard nothing,
 * and one plain style sheet works in WebViews without constructable ones under a CSP that forbids inline styles.
 */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
