/** The short tone of a new request. Browsers are silent until somebody has touched the page. */
const KEY = 'voronka.sound';
let audio: AudioContext | undefined;

/** Whether this browser may make a sound. */
export function soundOn(): boolean {
  return localStorage.getItem(KEY) !== 'off';
}

export function setSound(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off');
  if (on) void play();
}

async function wake(): Promise<void> {
  audio ??= 'AudioContext' in window ? new AudioContext() : undefined;
  await audio?.resume();
}

const onGesture = () => void wake();

/** Waits for the first touch or key of the page. */
export function listenForGesture(): () => void {
  const once = { once: true, capture: true } as const;
  addEventListener('pointerdown', onGesture, once);
  addEventListener('keydown', onGesture, once);
  return () => {
    removeEventListener('pointerdown', onGesture, once);
    removeEventListener('keydown', onGesture, once);
  };
}

/** Two soft notes, a third of a second. */
export async function play(): Promise<void> {
  if (!soundOn()) return;
  // The gesture may have been made before the board was there, in the wizard.
  if (navigator.userActivation?.hasBeenActive) await wake();
  if (audio?.state !== 'running') return;
  for (const [after, pitch] of [
    [0, 660],
    [0.12, 880],
  ] as const) {
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    const at = audio.currentTime + after;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  }
}
