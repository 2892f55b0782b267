export function IncidentsPage() { return <main className="sheet" />; }
