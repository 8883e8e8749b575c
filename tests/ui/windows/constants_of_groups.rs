use graven::model;

const GROUPS: usize = 4;

model! { pub Net(image: 8x8x6) < Conv2d(8, 3x3, groups = GROUPS) > }

fn main() {}
