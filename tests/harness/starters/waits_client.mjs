// The client of waits.mjs: it throws where a caller can catch it, and where none can.
export function throwAtOnce() {
  throw new RangeError("at once");
}

export function throwInATimer(milliseconds) {
  return new Promise(() => setTimeout(() => null.nothing, milliseconds));
}

export function rejectAlone() {
  Promise.reject(new Error("left alone"));
  return new Promise(() => {});
}
