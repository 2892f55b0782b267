export function KeysPage() { return <main className="sheet" />; }
