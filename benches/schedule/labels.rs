//! Where the names of points go, so that none lies on another: the first free place around each point.
//! What the points mean is not known here.

/// A rectangle, in the units of the picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn around(x: f64, y: f64, radius: f64) -> Self {
        Self { left: x - radius, top: y - radius, width: 2.0 * radius, height: 2.0 * radius }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.left + other.width
            && other.left < self.left + self.width
            && self.top < other.top + other.height
            && other.top < self.top + self.height
    }

    fn is_in(&self, other: &Self) -> bool {
        self.left >= other.left
            && self.top >= other.top
            && self.left + self.width <= other.left + other.width
            && self.top + self.height <= other.top + other.height
    }
}

/// The distances from a point that are tried, nearest first.
const DISTANCES: [f64; 6] = [18.0, 28.0, 42.0, 60.0, 85.0, 115.0];

/// The directions that are tried at each distance, most readable first.
const DIRECTIONS: [(f64, f64); 8] =
    [(1.0, 0.0), (-1.0, 0.0), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7), (-0.7, 0.7), (0.0, -1.0), (0.0, 1.0)];

/// Where text of this size goes that names the point: in bounds, and clear of all that is taken.
pub(crate) fn place(point: (f64, f64), size: (f64, f64), bounds: &Area, taken: &[Area]) -> Area {
    let places = DISTANCES.iter().flat_map(|distance| DIRECTIONS.map(|direction| (*distance, direction)));
    let mut places = places.map(|(distance, direction)| at(point, size, distance, direction));
    let is_free = |area: &Area| area.is_in(bounds) && !taken.iter().any(|other| area.overlaps(other));
    places.find(is_free).unwrap_or_else(|| at(point, size, DISTANCES[0], DIRECTIONS[0]))
}

fn at((x, y): (f64, f64), (width, height): (f64, f64), distance: f64, (right, down): (f64, f64)) -> Area {
    let (x, y) = (x + right * distance, y + down * distance);
    let left = match right.total_cmp(&0.0) {
        std::cmp::Ordering::Greater => x,
        std::cmp::Ordering::Equal => x - width / 2.0,
        std::cmp::Ordering::Less => x - width,
    };
    let top = match down.total_cmp(&0.0) {
        std::cmp::Ordering::Greater => y,
        std::cmp::Ordering::Equal => y - height / 2.0,
        std::cmp::Ordering::Less => y - height,
    };
    Area { left, top, width, height }
}
