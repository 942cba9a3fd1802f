/** The live line: first frame carries the token, comes back by itself after a break. */

import { readFrame, type Frame } from "./wire";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const STABLE_MS = 5_000;

/** Doubles from 1 s to 30 s; the jitter keeps thousands of pages from coming back at once. */
export function backoff(failures: number, random = Math.random()): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * (0.7 + 0.6 * random);
}

/** Close code: the token this line was opened with is dead. */
const SESSION_OVER = 4401;

interface Listener {
  credentials(): { token: string; after: number };
  opened(): void;
  closed(): void;
  /** The server has ended the session of this line; there may be a new one by now. */
  over(): void;
  frame(frame: Frame): void;
}

export class LiveSocket {
  private socket: WebSocket | null = null;
  private failures = 0;
  private retry = 0;
  private stable = 0;
  private wanted = false;

  constructor(private readonly listener: Listener) {}

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  start(): void {
    this.wanted = true;
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    clearTimeout(this.retry);
    this.drop();
  }

  /** Now, instead of when the wait is over. */
  hurry(): void {
    if (!this.wanted || this.socket) return;
    this.failures = 0;
    this.connect();
  }

  /** With a new token, or because the old line has gone silent. */
  restart(): void {
    this.drop();
    this.start();
  }

  send(frame: object): boolean {
    if (!this.isOpen) return false;
    this.socket?.send(JSON.stringify(frame));
    return true;
  }

  private connect(): void {
    clearTimeout(this.retry);
    if (this.socket) return;
    const url = new URL("/api/chat/socket", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => this.greet(socket);
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = (event) => this.lost(socket, event.code);
  }

  private greet(socket: WebSocket): void {
    socket.send(JSON.stringify({ type: "auth", ...this.listener.credentials() }));
    this.stable = window.setTimeout(() => (this.failures = 0), STABLE_MS);
    this.listener.opened();
  }

  private receive(data: unknown): void {
    if (typeof data !== "string") return;
    const frame = readFrame(JSON.parse(data));
    if (frame) this.listener.frame(frame);
  }

  private lost(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    clearTimeout(this.stable);
    this.socket = null;
    this.listener.closed();
    if (code === SESSION_OVER) this.listener.over();
    if (this.wanted) this.retry = window.setTimeout(() => this.connect(), backoff(this.failures++));
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.stable);
    socket?.close();
    if (socket) this.listener.closed();
  }
}
