export function BinPage() { return <main className="sheet" />; }
