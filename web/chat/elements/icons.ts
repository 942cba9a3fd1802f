/** Line icons on a 24-px grid, drawn for this page. */

import { svg, type SVGTemplateResult } from "lit";

function icon(path: SVGTemplateResult): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"
    fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${path}</svg>`;
}

export const closeIcon = icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`);
export const downIcon = icon(svg`<path d="M12 5v14M6 13l6 6 6-6"/>`);
export const sendIcon = icon(svg`<path d="M12 19V5M6 11l6-6 6 6"/>`);
export const shieldIcon = icon(svg`<path d="M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.500-7-10V6z"/><path d="M9 12l2 2 4-4"/>`);
export const ticketIcon = icon(svg`<path d="M6 3h9l4 4v14H6z"/><path d="M14 3v5h5M9 13h6M9 17h4"/>`);
export const clockIcon = icon(svg`<circle cx="12" cy="12" r="8.500"/><path d="M12 7.500V12l3 2"/>`);
export const personIcon = icon(svg`<circle cx="12" cy="8" r="3.500"/><path d="M5 20c.8-4 3.500-6 7-6s6.200 2 7 6"/>`);
export const starIcon = icon(svg`<path d="M12 4l2.500 5.100 5.600.8-4 4 .9 5.600-5-2.600-5 2.600.9-5.600-4-4 5.600-.8z"/>`);

/** A spruce, as three tiers: stands for the bank where it has no mark of its own. */
export const markIcon = svg`<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"
  fill="currentColor"><path d="M16 3l6 8h-3.500l5 7H20l5.500 7H17.500v4h-3v-4H6.500L12 18H8.500l5-7H10z"/></svg>`;
