/** What travels between the page and the gateway (api.md, "Customer chat"), read with care at the edge. */

export type Role = "customer" | "bot" | "agent" | "system";

export interface Button {
  readonly title: string;
  readonly token: string;
  readonly used?: boolean;
}

/** `type` decides who draws it; a type this page does not know is shown as the message's text. */
export interface Card {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Message {
  readonly id: string;
  readonly seq: number;
  readonly role: Role;
  readonly name: string;
  readonly text: string;
  readonly buttons: readonly Button[];
  readonly card: Card | null;
  readonly at: string;
  readonly client_id: string | null;
  readonly about: string | null;
  readonly updated: string | null;
  /** The customer may say whether it helped. */
  readonly feedback: boolean;
}

export type OwnerKind = "bot" | "queue" | "agent";

export interface Owner {
  readonly kind: OwnerKind;
  readonly name: string;
}

export interface Queue {
  readonly position: number | null;
  readonly estimated_at: string | null;
}

/** How far the customer's identity is checked, how to address them, and until when it holds. */
export interface Identity {
  readonly level: number;
  readonly salutation: string;
  readonly until: string;
}

/** What every answer about the talk may carry. Undefined: nothing said about it. */
export interface Page {
  readonly messages: readonly Message[];
  readonly owner: Owner | undefined;
  readonly queue: Queue | null | undefined;
  readonly identity: Identity | null | undefined;
  readonly more: boolean;
}

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
  readonly client_id: string | null;
}

export type Frame =
  | { readonly type: "message"; readonly message: Message }
  | { readonly type: "ack"; readonly client_id: string; readonly id: string; readonly seq: number; readonly token: string }
  | { readonly type: "typing"; readonly role: Role | null }
  | { readonly type: "owner"; readonly owner: Owner }
  | { readonly type: "queue"; readonly queue: Queue | null }
  | { readonly type: "identity" }
  | { readonly type: "error"; readonly fault: Fault };

export type Fields = Readonly<Record<string, unknown>>;

const ROLES: readonly string[] = ["customer", "bot", "agent", "system"];

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOrNull(value: unknown): string | null {
  return text(value) || null;
}

function readRole(value: unknown): Role {
  return ROLES.includes(text(value)) ? (value as Role) : "system";
}

function readButton(value: unknown): Button {
  const button = fields(value);
  return { title: text(button.title), token: text(button.token), used: button.used === true };
}

function readCard(value: unknown): Card | null {
  const card = fields(value);
  const type = text(card.type);
  return type ? { ...card, type } : null;
}

export function readMessage(value: unknown): Message | null {
  const message = fields(value);
  if (typeof message.seq !== "number") return null;
  return {
    id: text(message.id),
    seq: message.seq,
    role: readRole(message.role),
    name: text(message.name),
    text: text(message.text),
    buttons: list(message.buttons).map(readButton).filter((button) => button.title && button.token),
    card: readCard(message.card),
    at: text(message.at),
    client_id: textOrNull(message.client_id),
    about: textOrNull(message.about),
    updated: textOrNull(message.updated),
    feedback: message.feedback === true,
  };
}

export function readMessages(value: unknown): readonly Message[] {
  return list(value).map(readMessage).filter((message): message is Message => message !== null);
}

/** The owner comes as `"bot"`, `"queue"` or the agent's own word, with the name to show beside it. */
export function readOwner(owner: unknown, name: unknown): Owner | undefined {
  const kind = text(owner);
  if (!kind) return undefined;
  return { kind: kind === "bot" || kind === "queue" ? kind : "agent", name: text(name) };
}

export function readQueue(value: unknown): Queue | null {
  if (value === null || value === undefined) return null;
  const queue = fields(value);
  return {
    position: typeof queue.position === "number" ? queue.position : null,
    estimated_at: textOrNull(queue.estimated_at),
  };
}

function readIdentity(value: unknown): Identity | null {
  const identity = fields(value);
  const level = Number(identity.level);
  return level > 0 ? { level, salutation: text(identity.salutation), until: text(identity.until) } : null;
}

/** An answer to a call that always tells who the customer is known to be: silence means nobody. */
export function readTurn(value: unknown): Page {
  return { ...readPage(value), identity: readIdentity(fields(value).identity) };
}

export function readPage(value: unknown): Page {
  const page = fields(value);
  return {
    messages: readMessages(page.messages),
    owner: readOwner(page.owner, page.owner_name ?? page.name),
    queue: "queue" in page ? readQueue(page.queue) : undefined,
    identity: undefined,
    more: page.more === true,
  };
}

export function readFault(value: unknown): Fault {
  const fault = fields(fields(value).error);
  return {
    code: text(fault.code),
    message: text(fault.message),
    field: textOrNull(fault.field),
    client_id: textOrNull(fault.client_id),
  };
}

/** A frame this page does not know is null: newer servers may say more. */
export function readFrame(value: unknown): Frame | null {
  const frame = fields(value);
  switch (frame.type) {
    case "message": {
      const message = readMessage(frame.message);
      return message && { type: "message", message };
    }
    case "ack":
      return { type: "ack", client_id: text(frame.client_id), id: text(frame.id), seq: Number(frame.seq), token: text(frame.token) };
    case "typing":
      return { type: "typing", role: frame.role ? readRole(frame.role) : null };
    case "owner": {
      const owner = readOwner(frame.owner, frame.name);
      return owner ? { type: "owner", owner } : null;
    }
    case "queue":
      return { type: "queue", queue: readQueue("queue" in frame ? frame.queue : frame) };
    case "identity":
      return { type: "identity" };
    case "error":
      return { type: "error", fault: readFault(frame) };
    default:
      return null;
  }
}
