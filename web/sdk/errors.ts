// Everything the SDK throws or reports is a MadangError with a stable code.

/** Codes that the server sends (see signaling/PROTOCOL.md). */
export type ServerCode =
  | "bad_message" | "bad_sdp" | "too_big" | "too_fast" | "unauthorized" | "forbidden"
  | "room_full" | "room_locked" | "not_found" | "conflict" | "unavailable" | "internal";

/** Codes of what goes wrong on the way to the server. */
export type ConnectionCode = "unreachable" | "closed" | "timeout" | "kicked" | "room_gone" | "expired" | "replaced" | "going_away" | "media_failed";

/** Codes of what goes wrong with microphones, cameras, screens and speakers. */
export type DeviceCode = "device_denied" | "device_missing" | "device_busy" | "device_failed" | "insecure_origin" | "unsupported";

/** Every code that an error of the SDK may have. */
export type ErrorCode = ServerCode | ConnectionCode | DeviceCode;

/** What all errors of the SDK are. `message` is for logs, not for people. */
export class MadangError extends Error {
  override readonly name: string = "MadangError"; // not that of the class, which is another one in small code
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** The server refused something. */
export class ServerError extends MadangError {
  override readonly name = "ServerError";
  /** How long to wait before trying again, in milliseconds; absent: trying again does not help. */
  readonly retryMs: number | undefined;
  constructor(code: ServerCode, message: string, retryMs?: number) {
    super(code, message);
    this.retryMs = retryMs;
  }
}

/** The way to the server broke or was closed. */
export class ConnectionError extends MadangError {
  override readonly name = "ConnectionError";
  /** Close code of the WebSocket, 0 where there was none. */
  readonly closeCode: number;
  constructor(code: ConnectionCode | ServerCode, message: string, closeCode = 0) {
    super(code, message);
    this.closeCode = closeCode;
  }
}

/** A device could not be used. */
export class DeviceError extends MadangError {
  override readonly name = "DeviceError";
  /** Which one. */
  readonly device: "mic" | "camera" | "screen" | "speaker";
  constructor(code: DeviceCode, device: DeviceError["device"], message: string) {
    super(code, message);
    this.device = device;
  }
}
