const KEY = 'voronka.sound';

/** Whether an offer sounds in this browser. */
export function soundOn(): boolean {
  return localStorage.getItem(KEY) === '1';
}

/** Switches the sound of offers. */
export function setSound(on: boolean): void {
  localStorage.setItem(KEY, on ? '1' : '0');
  if (on) ring();
}

/** Two short tones, as soft as a knock. A browser nobody has clicked in yet stays silent. */
export function ring(): void {
  if (!soundOn() || typeof AudioContext === 'undefined') return;
  const audio = new AudioContext();
  for (const [at, pitch] of [
    [0, 660],
    [0.14, 880],
  ] as const) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, audio.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.15, audio.currentTime + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.13);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.14);
  }
  setTimeout(() => void audio.close(), 600);
}
