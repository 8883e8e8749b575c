use graven::model;

model! { pub Net(image: 12x12x1) < Conv2d(6, 5x5), MaxPool2d(2x2), Conv2d(16, 5x5) > }

fn main() {}
