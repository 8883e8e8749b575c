use graven::model;

model! { pub Net(image: 8x8x6) < Conv2d(8, 3x3, groups = 4) > }

fn main() {}
