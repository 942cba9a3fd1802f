/** The link's token. It stands in the fragment, which no server sees, and leaves the address before anything else happens. */

const TOKEN = /^[\w-]{16,128}$/;

/** The token of the address, or an empty text when there is none that could be one. */
export function takeToken(): string {
  const token = location.hash.slice(1);
  if (location.hash) history.replaceState(null, "", location.pathname);
  return TOKEN.test(token) ? token : "";
}
