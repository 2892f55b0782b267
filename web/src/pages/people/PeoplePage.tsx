export function PeoplePage() { return <main className="sheet" />; }
