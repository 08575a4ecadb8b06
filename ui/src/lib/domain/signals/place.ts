/** A place as it is read: "51.54° N, 5.10° E". */
export function placeWords([latitude, longitude]: [number, number], digits = 2): string {
  const north = `${Math.abs(latitude).toFixed(digits)}° ${latitude < 0 ? 'S' : 'N'}`
  return `${north}, ${Math.abs(longitude).toFixed(digits)}° ${longitude < 0 ? 'W' : 'E'}`
}
