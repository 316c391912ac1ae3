// The map of the city, drawn from its restaurants alone: districts are hulls around those of the same address, there are
// no tiles. Leaflet (Debian's libjs-leaflet) moves and zooms it.
import * as L from './leaflet.js';
import { h, shape } from './dom.js';

const HULL_KM = 0.24, KM_PER_DEGREE = 111.32, ROUND = 14;
const STEPS = { free: 'free', few: 'few left', other: 'other times', full: 'full or closed' };

const districtOf = (place) => place.address?.split(',').at(-1).trim().replace(/^Havnestad /, '') ?? '';

// Andrew's monotone chain over a ring around each point: a hull with round corners.
function hull(points) {
  const ring = points.flatMap(([lat, lon]) => Array.from({ length: ROUND }, (_, i) => {
    const angle = (2 * Math.PI * i) / ROUND;
    return [lat + (HULL_KM / KM_PER_DEGREE) * Math.sin(angle),
      lon + (HULL_KM / KM_PER_DEGREE / Math.cos(lat * Math.PI / 180)) * Math.cos(angle)];
  })).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  const turn = (a, b, c) => (b[1] - a[1]) * (c[0] - a[0]) - (b[0] - a[0]) * (c[1] - a[1]);
  const half = (some) => some.reduce((chain, point) => {
    while (chain.length >= 2 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
    chain.push(point);
    return chain;
  }, []).slice(0, -1);
  return [...half(ring), ...half([...ring].reverse())];
}

export class CityMap {
  #map; #land = L.layerGroup(); #dots = L.layerGroup(); #circle; #centre; #markers = new Map(); #chosen = null; #drawn = 0;

  constructor(place, { centre, radius_km, onCentre, onChoose }) {
    this.onChoose = onChoose;
    this.#map = L.map(place, { center: centre, zoom: 13, minZoom: 11, maxZoom: 17, zoomSnap: 0.25, attributionControl: false, zoomAnimation: false, fadeAnimation: false });
    this.#map.zoomControl.setPosition('bottomright');
    this.#land.addTo(this.#map);
    this.#circle = L.circle(centre, { radius: radius_km * 1000, className: 'radius', interactive: false }).addTo(this.#map);
    this.#centre = L.marker(centre, {
      icon: L.divIcon({ className: 'centre', iconSize: [18, 18] }), interactive: false, keyboard: false,
    }).addTo(this.#map);
    this.#dots.addTo(this.#map);
    this.#map.on('click', ({ latlng }) => onCentre([latlng.lat, latlng.lng]));
    this.#map.on('zoomend', () => this.#scale());
    this.fit();
    this.#scale();
  }

  // Far away there is no room for names, nor for large dots.
  #scale() {
    this.#map.getContainer().classList.toggle('far', this.#map.getZoom() < 12.75);
  }

  middle() {
    const { lat, lng } = this.#map.getCenter();
    return [lat, lng];
  }

  fit() {
    this.#map.fitBounds(this.#circle.getBounds(), { padding: [8, 8], animate: false });
  }

  setArea(centre, radius_km, isFitted) {
    this.#circle.setLatLng(centre).setRadius(radius_km * 1000);
    this.#centre.setLatLng(centre);
    if (isFitted) this.fit();
  }

  // Districts, once for the places that are known.
  setPlaces(places) {
    if (places.length <= this.#drawn) return;
    this.#drawn = places.length;
    this.#land.clearLayers();
    const districts = Map.groupBy ? Map.groupBy(places, districtOf) : places.reduce((into, each) =>
      into.set(districtOf(each), [...(into.get(districtOf(each)) ?? []), each]), new Map());
    for (const [name, inside] of districts) {
      if (!name || inside.length < 3) continue;
      const points = inside.map((each) => [each.latitude, each.longitude]);
      const outline = L.polygon(hull(points), { className: 'district', interactive: false, smoothFactor: 0.5 }).addTo(this.#land);
      const north = outline.getBounds().getNorth(), middle = outline.getBounds().getCenter().lng;
      L.marker([north, middle], {
        icon: L.divIcon({ className: 'district-name', html: h('span', null, name), iconSize: [120, 18], iconAnchor: [60, 17] }),
        interactive: false, keyboard: false,
      }).addTo(this.#land);
    }
  }

  // The dots: `states` by id, each with what is to be told.
  setDots(places, states) {
    const seen = new Set();
    for (const place of places) {
      const state = states.get(place.id);
      if (!state) continue;
      seen.add(place.id);
      const old = this.#markers.get(place.id);
      if (old?.state === state) continue;
      old?.marker.remove();
      const dot = h('span', { title: `${place.name}: ${STEPS[state]}` }, shape(state));
      const marker = L.marker([place.latitude, place.longitude], {
        icon: L.divIcon({ className: `dot ${state}`, html: dot, iconSize: [16, 16] }), keyboard: false,
        zIndexOffset: { free: 300, few: 200, other: 100, full: 0 }[state],
      }).on('click', () => this.onChoose(place.id)).addTo(this.#dots);
      this.#markers.set(place.id, { marker, state });
    }
    for (const [id, { marker }] of this.#markers) {
      if (seen.has(id)) continue;
      marker.remove();
      this.#markers.delete(id);
    }
    this.choose(this.#chosen);
  }

  choose(id, isShown = false) {
    this.#markers.get(this.#chosen)?.marker.getElement()?.classList.remove('chosen');
    this.#chosen = id;
    const found = this.#markers.get(id)?.marker;
    found?.getElement()?.classList.add('chosen');
    if (found && isShown && !this.#map.getBounds().pad(-0.1).contains(found.getLatLng())) this.#map.panTo(found.getLatLng(), { animate: false });
  }

  close() {
    this.#map.remove();
  }
}
