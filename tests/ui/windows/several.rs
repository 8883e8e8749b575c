use graven::model;

model! { pub Net(image: 6x6x1) < Conv2d(3 -> 6, 7x7, strides = 0, groups = 4, rely) > }

fn main() {}
