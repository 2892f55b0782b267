export function SettingsPage() { return <main className="sheet" />; }
