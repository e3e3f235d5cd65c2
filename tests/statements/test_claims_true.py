"""True sentences of many patterns: none may ever be called inconsistent."""

import pytest

from taama.base.errors import MethodError
from taama.statements.methods import CONSISTENT, INCONSISTENT, check_statements
from taama.statements.methods.statements import MOST_CHARACTERS, MOST_NUMBERS

ENGLISH = """
In March 2022, 42,857 people crossed the points (24,325 entering and 18,532 leaving), an average of 1,382 people per day.
The number of IDPs rose from 375,539 in April 2023 to 391,961 in September 2023, an increase of 4.4 per cent.
The number of IDPs fell from 412,287 in December 2022 to 375,539 in April 2023, a decrease of 9 per cent.
IDPs decreased by 9% from 412,287 to 375,539.
A 9% decrease, from 412,287 to 375,539, was noted.
There were 391,961 IDPs in September 2023, up 4% from 375,539 in April.
378,363 IDPs were counted in September 2024, compared with 330,713 in May 2024, an increase of 47,650 people (14%).
Of the 35 points, 20 (57%) were visited.
12 of the 19 points assessed (63%) lack water.
12 of the 19 points assessed, or 63 per cent, lack water.
63% of the 19 points lack water.
63% of the points (12 of 19) lack water.
Nearly two thirds of the 19 points lack water.
More than half of the 19 points lack water.
About 250 households (1,200 individuals) arrived in Gao.
401,736 individuals live in 69,696 households, or 5.8 individuals per household.
The average household size is 4.8: 375,539 persons in 78,401 households.
The plan has four objectives and targets 550,000 people.
IOM works in three regions: Mopti, Gao and Kidal.
IOM works in four regions (Mopti, Gao, Timbuktu and Ménaka).
IOM works in five regions, including Mopti and Gao.
Seven offices operate in the country, in Kayes, Mopti and Gao among others.
The team visited 12 villages in Mopti and Gao.
The team visited three villages in Mopti, Gao and Ménaka and held 4 meetings.
The three border regions of Burkina Faso, Mali and Niger share the Liptako.
In two regions of Mali, Mopti and Gao, attacks continue.
The share of women rose from 51 per cent to 54 per cent, an increase of 3 percentage points.
The share of women rose from 50 per cent to 55 per cent, an increase of 10 per cent.
Arrivals doubled from 207 to 417 per day.
Arrivals more than doubled, from 1,000 to 2,300.
Arrivals nearly tripled from 1,050 to 3,000.
Prices increased by 30 per cent, while the number of IDPs rose from 200,000 to 210,000.
Of 1,200 people surveyed, 53 per cent were women and 47 per cent were men.
A total of 1,250 people were trained: 640 women and 610 men.
A total of 1,250 people were trained, including 640 women and 120 persons with disabilities.
1,250 people (640 women, 610 men, of whom 75 with disabilities) were trained.
640 women and 610 men, for a total of 1,250 people, were trained.
We trained 92 volunteers and 159 members in 12 sessions, a total of 251 people.
In 5 regions and 12 cercles, a total of 2,300 households received kits.
Two teams of five agents, i.e. 10 agents, were deployed.
In 2020, 25 survivors and 240 others were supported.
More than 862,000 people were reached, of whom 126,000 in Timbuktu.
Between 10 and 20 households arrived; 15 households stayed.
Some 500 families, about 3,000 people, fled.
262,000 migrants (92,833 incoming and 169,270 outgoing) were observed.
About 260,000 migrants (92,833 incoming and 169,270 outgoing) were observed.
1.5 million people (0.74 million women and 0.76 million men) are targeted.
The budget of USD 17.5 million (7.4 million for life saving, 6.5 million for recovery, 3 million for preparedness and 0.65 million for data) is needed.
The funding requirement is $3,000,000, of which $700,000 for tracking.
From 1 to 31 March 2022, 42,857 people were observed, an average of 1,382 per day.
Between January and March 2020, 27,300 people were counted, 300 per day on average.
On average 45 people per day and per point were observed; 42,857 people in March 2022.
During 31 days, 6,417 people were observed, or 207 per day.
42,857 people were counted in March 2022, 1,429 per day on average, as points closed for a day.
The caseload grew by 47,650 people, from 330,713 to 378,363.
The number of sites fell from 61 to 57, a reduction of four sites (7 per cent).
Children under 5 make up 18 per cent of the 5,257 people reached.
Women represent 53% of the 239,484 IDPs, or 126,927 people.
126,927 women, or 53% of the 239,484 IDPs, were counted.
The 806 confirmed cases include 46 deaths and 455 recoveries.
Cases confirmed: 806
Half of the 20 sites (10) are flooded.
A third of the 19 sites flooded.
Mopti hosts 159,027 IDPs (40 per cent of the total), Gao 97,859 (24 per cent).
Of 401,736 IDPs, Mopti hosts 159,027 (40 per cent) and Gao 97,859 (24 per cent).
The five regions of Mopti, Gao, Ségou, Timbuktu and Ménaka host 379,148 of the 401,736 IDPs (94%).
Kayes, Sikasso and Ségou border respectively Mauritania, Côte d'Ivoire and Burkina Faso.
The rate is 12 cases per 10,000 people: 480 cases for 400,000 people.
Ten (10) of the twelve (12) sites were visited.
Flows rose from 293 in January to 373 in February (+27%) and fell to 347 in March (-7%).
From 207 in May, the daily average doubled to 417 in June 2020.
There were 3,605 entries and 3,769 exits, making 7,374 in all.
Attendance at the 6 sessions was 12, 15, 11, 14, 13 and 10 people, a total of 75.
Total: 75 people in 6 sessions of 12 to 13 people each.
The number rose from 3 to 5 per cent.
The target was 500 kits; 450 were distributed (90%).
450 of 500 kits (90%) were distributed, against 80% in 2021.
Only 8 of the 19 points (42%), that is 40% of all the points of the country, answered.
IDPs increased from 100 to 150 between May and June and to 180 in July, an increase of 80%.
There are 13 border points, 6 transit points and 16 cordons, a total of 35.
The commission met 24/7 from 2 to 5 May; 3 of 4 members came (75%).
Prevalence fell from 12.4% in 2021 to 10.1% in 2022, a fall of 2.3 points.
Prevalence fell from 12.4% to 10.1%, a decrease of about 19%.
The number of functional centres increased by 5, from 15 to 20, i.e. by a third.
In four out of five regions (80%), water is short.
Three quarters of the 20 sites (15 sites) have latrines.
Around 15,000 persons, 8,000 of them women, fled.
In total, 320 women and 410 men were reached in Gao, and 200 women and 150 men in Mopti, for a total of 1,080 people.
The appeal is 43% funded: USD 7.5 million of USD 17.5 million received.
The 2022 plan needs $17,513,700, compared with $15 million in 2021, an increase of 17%.
Since 2013, 5 projects in 3 regions (Mopti and Ségou for nutrition, Bamako for jobs) were led.
Between 2005 and 2017 the number of crises almost doubled, from 16 to 30.
In August 2020, 15,348 movements were observed. This represents a decrease of 49% in comparison with August 2019, when 29,878 movements were observed.
The round identified 1,757,288 individuals, a decrease of 68,033 persons compared to the 1,825,321 of the round before.
The round counted 1,074,983 individuals: 580,692 displaced (IDPs), 375,684 returnees (former IDPs) and 118,607 returnees from abroad.
There were 147,086 IDPs. 75% of IDPs (110,460) were displaced by disasters and 24% of IDPs (34,864) by conflict.
Seven out of the 21 countries report cases (Kenya, Somalia, Tanzania, Angola, Uganda, Zambia and Zimbabwe).
24,741 cases including 414 deaths were reported, of which 3,931 cases this year.
Data come from 7 points of flow monitoring (Flow Monitoring Points, FMP) in 6 regions.
Their share fell from 33 to 16 per cent, while costs rose by 12 per cent.
Some 4,408 people (including 1,463 men, 1,779 women, 448 boys and 718 girls) live in 882 households.
60 % of women (300) and 40 % of men (150) can read.
1,822 women (60 per cent) and 900 men (40 per cent) who were asked agreed.
The figure rose by 5 per cent a year from 100,000 in 2019 to 121,000 in 2023.
The amount rose from $15 million to 14.5 million euros.
The number of staff fell from 1.2 to 1 thousand.
It rose from 135 to 140 million.
239,484 IDPs were registered in March 2020, while an average of 344 migrants per day were observed.
In 3 districts of Mopti and Gao, 40 wells were dug.
Four offices were opened in Kayes, Mopti and Gao.
250 women out of a total of 5,000 people, and 300 men, answered.
640 women and 610 men were trained, bringing the total to 5,000 people.
640 women and 620 men were reached, for a total of 3,000 people including children.
2 regions, including 5 cercles, are closed.
The plan reached 120% of its target.
Cases emerged from 5 counties, namely Garissa (47), Turkana (12), West Pokot (13), Meru (5) and Nithi (2).
12 sites in three districts, namely Mopti (3), Djenné (5) and Koro (9), were visited by 17 teams.
1,250 staff are divided into 640 nurses, 300 midwives and others.
In 2022, 12 trainings were held for 300 women and 200 men, for a total of 36 hours.
We distributed 500 kits to 500 households (2,600 people), i.e. 1,300 women and 1,300 men.
Of 500 households, 300 were in Mopti and 200 in Gao, for a total of 2,600 people.
From January to June, 2,300 people arrived: 1,200 in January and 1,400 left in June.
There are 3 doctors for 15 nurses and 20 midwives, i.e. 38 staff.
The index rose from 100 to 112 in June and to 118 in December, up 18 per cent on the year.
Prices rose by 12 per cent in June, from 250 to 280 francs, and by 5 per cent in July.
The caseload fell by half, from 1,000 to 510.
The caseload fell by a third, from 1,500 to 1,010.
Enrolment rose from 1,200 to 1,500 children (from 45 to 56 per cent).
The number of points fell from 10 to 7, or 30% fewer.
Attendance increased from 20 to 25 per session, for 300 participants.
The ceiling was raised from 5 to 10 per cent of the 3,000 households.
Between 2019 and 2020 the number of PDI doubled from 100,000 to around 200,000 and then grew by 20 per cent.
Some 8,554 households in 425 clusters were surveyed, 20 per cluster on average.
On average 344 people per day crossed in 2019, against 207 in May 2020.
In May 2020, 6,417 people were counted at 7 points, an average of 30 per day at each point.
In May 2020, 6,417 people were counted, that is 207 per day, of whom 45 women per day.
239,484 IDPs were present in March 2020, with an average of 5.8 people per household.
In total, 5,000 people were screened in 2021 and 4,000 in 2022, an average of 375 per month.
6,000 people were screened in 2021, an average of 500 per month.
In the first week 180 people were counted, an average of 26 per day.
The 35 points comprise 13 border points, 6 transit points and 16 cordons.
13 of the 35 points (37%) are at borders, 6 (17%) inside the country and 16 (46%) are cordons.
In 13 of the 35 points (37 per cent of the total, 68 per cent of those at borders) water is short.
Women make up 52% of the 203 migrants and 41 (20%) are pregnant.
Of 203 migrants, 41 (20%) are women, of whom 10 (24%) are pregnant.
Of the 41 women among 203 migrants, 10 (24%) are pregnant.
8 out of 10 children (80%) in 12 of 15 schools (80%) are enrolled.
Half of the 41 women (20) have children.
The budget of $3 million is 60% funded ($1.8 million), 40% ($1.2 million) being requested.
The budget is $3 million: $1.8 million received and $1.2 million missing (40%).
Three of the five regions (Mopti, Gao and Kidal) are covered.
In the five northern regions, Mopti and Gao host most IDPs.
IOM has four offices: the main office in Bamako and three in Kayes, Mopti and Gao.
13 + 6 = 19 points, et 19 + 16 = 35.
Tableau 3 : 12 puits, 4 forages. Total 16 ouvrages en 2 ans.
The 100 households received 3 items each, 300 items in total.
There were 20 boys and 30 girls in each of the 2 classes, a total of 100 pupils.
Each of the 10 clinics treats 25 adults and 15 children a day, for a total of 400 patients.
One in three (100) of the 300 households lack water.
Three out of ten (97) of the 322 households lack water.
Of 500 households, four in five (400) lack water.
One household in three (100) lacks water.
Of 60 villages visited, 45 reported that fewer than two teachers were present (75%).
Of 100 aid workers, 12 were trained in March and 24 in April (36%).
Of 10 households, 7 say they eat fewer than two meals a day (70%).
The number fell by a factor of three from 30,000 to 10,000.
The number of deaths dropped by two thirds (from 60 to 20).
The number fell by three quarters, from 80 to 20.
The number fell by half, from 80 to 40.
The number rose by a third, from 60 to 80.
The number fell by one third, from 60 to 40.
The number rose by a factor of two, from 60 to 120.
60, 45 and 30 cases were notified (down 33% from week 11 to 12).
60, 45 and 30 cases were notified, down 33% from week 11 to week 12.
A total of 4,912 children were reached: 2,310 girls and 2,602 boys.
In four of five (80%) regions, three out of every four (75) schools are closed.
Three-in-four (75) schools are closed.
3 of the four (300) manquent d'eau.
People in phase three (450) and four (120) need help.
45 villages reported fewer than two teachers, or 75% of the 60 villages.
75% of the 60 villages have no school (two have closed).
Of 60 villages visited, 45, or 75%, had fewer than two teachers.
Of the 60 villages, 45 with two teachers each (75%) and 15 with three (25%) answered.
Of 100 agents, 12 men, 24 women and 4 others were trained, or 40%.
Of 200 children, 50 girls and 60 boys under five (55%) were vaccinated.
Of 200 children, 50 girls (25%) and 60 boys (30%) were vaccinated.
The number fell threefold, from 30,000 to 10,000.
The number fell by 2/3, from 60 to 20.
Cases fell from 60 to 20, a drop of two thirds.
Cases fell from 60 to 20 (a decrease of two thirds).
Cases rose from 20 to 60, an increase by a factor of three.
Cases rose from 20 to 60, i.e. three times more.
Cases rose from 20 to 60, a threefold increase.
Cases dropped by a fifth, from 100 to 80.
Cases dropped by four fifths, from 100 to 20.
There were 30 cases, down from 45 in week 11.
There were 30 cases in week 12, down from week 11 when there were 45.
30 cases were seen, a decrease of 33% compared to week 45 of 2021.
Cases fell by 33% from 45 in week 11 to 30 in week 12.
Arrivals doubled, from 100 to 210.
Arrivals nearly doubled from 100 to 160.
Double-shift schools went from 120 to 180.
The price halved from 100 to 52.
1,245 individuals (812 women, 389 men and 444 children) arrived.
A total of 1,245 individuals were reached: 812 women, 389 men, 444 children.
Prevalence rose from 10 to 30 per cent, a factor of three.
Admissions fell by a half from 80 to 40 and deaths by three quarters from 8 to 2.
Of 120 schools, 90 have at least three classrooms (75%) and 30 fewer than three (25%).
Of 1,200 households surveyed, 480 (40%) eat two meals and 720 (60%) one.
Among the 80 sites, 60 host more than 30 households, or 75%.
In 2 regions, 12 of the 19 points (63%) lack water.
From 4 to 2 visits: the number fell by half.
Nine in ten (900) of the 1,000 households have a phone.
Two in every three (400) of 600 people agree.
Three out of the four (3) regions answered.
About one in three people (100) are hungry.
In three out of ten villages (97), wells are dry.
Of 40 households, 30 said more than three children work (75%).
Of 40 households, 30 said that one of three children works (75%).
Of the 60 villages, 45 reported an average of two teachers, or a rate of 75%.
Of the 300 women, 120 have two children or more (40%) and 60 have none (20%).
Of 100 people, 20 walk for 2 hours (20%) and 30 for 3 hours (30%).
40 households ate two meals (50%) of the 80 surveyed.
Of 500 sites, 100 sites in 3 regions (20%) are flooded.
Cases fell by one half, from 80 to 40.
Cases increased by two and a half times, from 20 to 50.
Cases increased by a factor of about three from 1,000 to 3,050.
Cases were divided by two, from 80 to 40.
Cases decreased twofold, from 80 to 40.
Cases declined by an order of two, from 80 to 40.
The number fell to one third, from 60 to 20.
The number went from 60 to 20, i.e. a third.
The number was reduced to a third, from 60 in 2020 to 20 in 2021.
The price rose by two thirds, from 300 to 500 francs.
30 cases were notified (up 20% from week 9), compared with 25.
Cases rose from week 11 to week 12 by 20%, from 25 to 30.
Cases rose from 45 (W11) to 60 (W12), up 33%.
Arrivals rose by half from 120 to 180.
Arrivals doubled from 120 in 2020 to 240 in 2021 and 480 in 2022.
Prices doubled from 100 to 185.
Budget doubled from 1.2 to 2.3 million.
The number quadrupled from 50 to 190.
The share halved from 40% to 21%.
Prevalence nearly doubled from 10 to 17 per cent.
Two out of three households (65%) have soap.
One in five (19%) children is out of school.
45 of 60 villages reported fewer than two teachers (75%).
"""

FRENCH = """
En mars 2022, 42 857 personnes ont été observées (24 325 entrantes et 18 532 sortantes), soit une moyenne de 1 382 personnes par jour.
Le nombre de PDI est passé de 375 539 en avril 2023 à 391 961 en septembre 2023, soit une hausse de 4,4 %.
Le nombre de PDI est passé de 412 287 à 375 539, soit une baisse de 36 748 personnes (-9 %).
Les PDI ont diminué de 9 % entre décembre 2022 et avril 2023, passant de 412 287 à 375 539.
On compte 375 539 PDI en avril 2023 contre 412 287 en décembre 2022, soit une diminution de neuf pour cent.
On compte 375 539 PDI, en baisse de 9 % par rapport aux 412 287 de décembre.
Sur les 239 484 PDI, 126 927 (53 %) sont des femmes.
Sur les 19 points évalués, 12 (63 %) n'ont pas d'eau.
12 des 19 points évalués (63 %) n'ont pas d'eau.
12 points sur 19, soit 63 %, n'ont pas d'eau.
63 % des 19 points n'ont pas d'eau.
Près des deux tiers des 19 points n'ont pas d'eau.
Plus de la moitié des 19 points n'ont pas d'eau.
Environ 250 ménages (1 200 personnes) sont arrivés à Gao.
375 539 personnes vivent dans 78 401 ménages, soit 4,79 personnes par ménage.
La taille moyenne des ménages est de 4,8 personnes (375 539 personnes, 78 401 ménages).
L'OIM travaille dans quatre régions : Mopti, Gao, Tombouctou et Ménaka.
L'OIM travaille dans quatre régions (Mopti, Gao, Tombouctou et Ménaka).
L'OIM travaille dans les cinq régions de Mopti, Gao, Ségou, Tombouctou et Ménaka.
L'OIM travaille dans cinq régions, notamment Mopti et Gao.
Deux régions, à savoir Mopti et Gao, sont touchées.
Trois projets à Mopti et Gao ont été lancés.
Cinq (5) postes frontaliers ont été construits à Sona, Gogui, Zégoua, Diboli et Kourémalé.
La part des femmes est passée de 51 % à 54 %, soit une hausse de 3 points de pourcentage.
La part des femmes est passée de 51 % à 54 %, soit 3 points de plus.
La proportion passe de 12 à 18 %, soit une hausse de 50 %.
Les arrivées ont doublé, passant de 207 à 417 par jour.
Les arrivées ont plus que doublé, passant de 1 000 à 2 300.
Le nombre de sites a été multiplié par trois, passant de 12 à 36.
Les prix ont augmenté de 30 %, tandis que le nombre de PDI est passé de 200 000 à 210 000.
Au total, 1 250 personnes ont été formées : 640 femmes et 610 hommes.
Au total, 1 250 personnes ont été formées, dont 640 femmes et 120 personnes handicapées.
1 250 personnes (640 femmes, 610 hommes, dont 75 handicapées) ont été formées.
640 femmes et 610 hommes, soit un total de 1 250 personnes, ont été formés.
640 femmes et 610 hommes, soit 1 250 personnes, ont été formés.
203 migrants, dont 41 femmes et 23 enfants, sont hébergés.
Dans 5 régions et 12 cercles, au total 2 300 ménages ont reçu des kits.
Deux équipes de cinq agents, soit 10 agents, ont été déployées.
1 200 ménages, soit 6 500 personnes, ont été assistés.
300 ménages à Gao et 200 ménages à Mopti, soit 2 600 personnes, ont été assistés.
Plus de 862 000 personnes ont été touchées, dont 126 000 à Tombouctou.
Quelque 500 familles, environ 3 000 personnes, ont fui.
Près de 262 103 migrants (92 833 entrants et 169 270 sortants) ont été observés.
262 000 migrants (92 833 entrants et 169 270 sortants) ont été observés.
1,5 million de personnes (0,74 million de femmes et 0,76 million d'hommes) sont ciblées.
Le besoin est de 17,5 millions de dollars, dont 7,4 millions pour l'assistance.
Du 1er au 31 mars 2022, 42 857 personnes ont été observées, soit en moyenne 1 382 par jour.
Entre janvier et mars 2020, 27 300 personnes ont été comptées, soit une moyenne journalière de 300 personnes.
Le nombre moyen par jour est de 207 en mai 2020, contre 157 en avril, soit une hausse de 32 %.
En mai 2020, 207 personnes par jour ont été observées (+32 % par rapport à avril).
Les enfants de moins de 5 ans représentent 18 % des 5 257 personnes touchées.
126 927 femmes, soit 53 % des 239 484 PDI, ont été recensées.
Les 806 cas confirmés comprennent 46 décès et 455 guérisons.
Une centaine de ménages, dont 97 à Gao, ont fui.
Mopti accueille 159 027 PDI (40 % du total), Gao 97 859 (24 %).
Les régions de Mopti (159 027), Gao (97 859) et Ségou (54 885) accueillent 311 771 PDI, soit 78 % des 401 736 PDI.
401 736 PDI sont réparties entre Mopti (159 027), Gao (97 859), Ségou (54 885), Tombouctou (54 382) et d'autres régions.
Le budget s'élève à 3 000 000 USD, dont 700 000 USD pour le suivi.
Le taux est de 12 cas pour 10 000 habitants : 480 cas pour 400 000 habitants.
Dix (10) des douze (12) sites ont été visités.
Le nombre de structures fonctionnelles a augmenté de 5, passant de 15 à 20.
La prévalence est passée de 12,4 % en 2021 à 10,1 % en 2022, soit une baisse de 2,3 points.
Kayes, Sikasso et Ségou touchent respectivement la Mauritanie, la Côte d'Ivoire et le Burkina Faso.
450 kits sur 500 (90 %) ont été distribués, contre 80 % en 2021.
Trois quarts des 20 sites ont des latrines.
Le nombre de ménages a augmenté de 5 à 10 % selon les cercles.
Les effectifs ont augmenté de 100 à 150 entre mai et juin, soit +50 %.
On dénombre 13 points frontaliers, 6 points de transit et 16 cordons, soit un total de 35.
Sur 35 points, 13 sont frontaliers, 6 de transit et 16 sont des cordons.
Le 12 mars 2022, 150 ménages (soit 845 personnes) ont quitté 3 villages de la commune de Ouenkoro.
Les 4 cercles de la région (Mopti, Djenné, Ténenkou et Youwarou) comptent 73 242 PDI.
La région compte quatre cercles : Mopti, Djenné, Ténenkou (y compris Diafarabé) et Youwarou.
Sur 100 enfants dépistés, 12 (12 %) sont MAS et 20 (20 %) MAM.
44.084 bénéficiaires ont été touchés (20.000 femmes et 24.084 hommes).
Entre 2 200 et 2 500 personnes ont fui ; 2 300 sont revenues.
Les 47 650 personnes supplémentaires portent le total de 330 713 à 378 363 PDI.
La hausse est de 14 % : 378 363 PDI contre 330 713.
En 2023, 3 régions sur 10 (30 %) ont été évaluées.
70 % des ménages (soit 700 ménages sur 1 000) ont reçu une aide.
Un ménage sur cinq (20 %) est dirigé par une femme.
Le site accueille 60 ménages de 5 personnes, soit 300 personnes.
Il y a eu 25 % de femmes de plus, soit 50 femmes de plus que les 200 de 2021.
Le nombre de PDI a atteint 120 298 par rapport à 62 627 fin juin. Ceci représente une augmentation de 92 pour cent en six mois.
Les dépenses sont passées de 33,7 milliards en 2007 à 10,4 milliards en 2008, soit une baisse de 69 %, et les dons de 12 milliards à seulement 3 milliards, soit une baisse de 75 %.
Sur les 324 millions de dollars recherchés, seuls 160 millions avaient été mobilisés, soit un taux de mobilisation de 49,5 %.
La population déplacée est constituée de 57 % de femmes (222 461) et de 43 % d'hommes (169 500).
66 cas suspects ont été notifiés, avec 6 décès, soit une létalité de 9,1 %.
6 décès, dont 2 communautaires et 4 hospitaliers, ont été notifiés.
L'effectif a plus que triplé, passant de moins de 16 à plus de 60 000.
Le nombre est passé de plus de 135 à moins de 132 millions.
Plus de 120 000 personnes ont fui, dont plus de 54 mille dans la seule région de Mopti.
Les trois régions du Nord, à savoir Gao, Tombouctou et Kidal, sont touchées.
1 200 personnes sont arrivées à Gao, soit 300 de plus qu'en mai et 200 de moins qu'en juin.
Les PDI ont augmenté de 9 % par an, passant de 100 000 en 2019 à 129 500 en 2022.
Les besoins ont doublé tandis que le nombre de PDI est passé de 200 000 à 210 000.
Le nombre de PDI est passé de 200 000 à 210 000, et les prix ont augmenté de 30 %.
Le nombre de PDI est passé de 375 539 à 391 961, soit une hausse de 25 % dans la région de Mopti.
Le nombre de PDI est passé de 375 539 à 391 961, soit une hausse de 12 % depuis janvier.
239 484 PDI ont été recensées en mars 2020, et en moyenne 344 voyageurs par jour ont été observés.
Deux régions, dont cinq cercles, sont fermées.
Quatre bureaux ont été ouverts à Kayes, Mopti et Gao.
Les communes de deux régions, Mopti et Gao, sont concernées.
60 % des 12 sites et des 7 points ont de l'eau.
40 % des 5 villages ont répondu (2 villages).
Le Mali accueille 123 044 réfugiés, soit 82 618 Burkinabè, 23 553 Nigériens et 14 954 Mauritaniens.
401 736 PDI sont réparties entre Mopti (159 027), Gao (97 859) et d'autres régions.
1 250 agents se répartissent comme suit : 640 à Mopti, 300 à Gao, le reste ailleurs.
Les 12 équipes, soit 24 hommes et 36 femmes, ont visité 300 ménages.
La distribution a touché 4 villages : 120 ménages à Sona, 80 à Gogui, 50 à Diboli et 30 à Kita.
Le stock est de 500 kits, dont 300 à Mopti et 300 tentes à Gao.
Le projet couvre 5 régions, soit 25 cercles et 150 communes.
Sur 100 ménages, 60 ont de l'eau, 70 des latrines et 20 (20 %) rien.
Le taux de couverture est passé de 45 % à 60 %, soit 15 points, pour un objectif de 80 %.
Le taux est passé de 45 % à 60 % (objectif 80 %).
L'indice est passé de 100 à 112 (+12 %) puis à 118 (+18 % depuis janvier).
Around 50 per cent of the 401,736 IDPs (213,912) live in Mopti and Ségou.
Le budget de 1,2 milliard de FCFA (2 millions de dollars) comprend 300 millions pour la santé.
Le budget s'élève à 1,2 million d'euros, dont 800 000 dollars pour la santé.
Le coût est de 500 000 FCFA par ménage pour 300 ménages, soit 150 millions de FCFA.
Les trois régions de Mopti (Bankass, Koro), Gao et Kidal sont couvertes.
The two regions of Timbuktu and Taoudénit and the three of Gao, Kidal and Ménaka are covered.
The 19 regions include Mopti, Gao and Ménaka.
Quatre cercles de Mopti et Gao sont touchés.
Les deux villes de la région, Mopti et Sévaré, sont touchées.
Les 2 pays (Mali et Niger), et 3 régions (Liptako, Gourma et Est), sont touchés.
La mission a visité deux sites à Mopti, Gao et Ménaka.
Cinq personnes (3 hommes et 2 femmes) et deux enfants (1 fille et 1 garçon) sont arrivés, soit 7 personnes.
Les 7 arrivants (5 adultes, dont 2 femmes, et 2 enfants) viennent de Gao.
Parmi les 203 migrants figurent 41 femmes et 23 enfants, dont 12 filles.
1 463 hommes, 1 779 femmes, 448 garçons et 718 filles, soit 4 408 personnes dans 882 ménages.
Entre 300 et 400 familles (environ 2 000 personnes), dont la moitié d'enfants, ont fui.
Les 47 à 53 % de ménages touchés sont 2 500 sur 5 000.
Plus de 90 % des 500 ménages (476) ont reçu un kit.
Près d'un tiers des 5 257 enfants (1 700) sont guéris.
Le nombre de cas est passé de 12 la semaine 10 à 18 la semaine 11, soit +50 %.
Le nombre de cas est passé de 0 à 5.
Le nombre de cas est passé de 5 à 0, soit une baisse de 100 %.
On note 5 % de hausse, de 200 à 210 ménages.
Le débit est de 4 litres par personne et par jour, soit 20 litres par ménage de 5 personnes.
Les 600 000 doses (2 par enfant) couvrent 300 000 enfants.
En 2020 et 2021, 1 200 puis 1 500 ménages, soit 2 700 au total, ont été assistés.
Le total de 35 points (13 + 6 + 16) est confirmé.
1. Eau 2. Santé 3. Abris
La part est de 1/3 (33 %) des ménages, 2/3 (67 %) des villages.
Au 31/12/2021, 12/19 (63 %) des points étaient ouverts.
Article 5 : les 3 membres sont élus pour 2 ans.
De 8h à 18h, 7 jours sur 7, 12 agents comptent 400 personnes par jour.
Ils étaient 100 en mai, 120 en juin (+20 %) et 132 en juillet (+10 %).
Quatre ménages sur cinq (400) n'ont pas d'eau.
Trois écoles sur quatre (75) sont fermées.
Trois sur quatre (75) sont fermées.
Quatre ménages sur cinq (400) manquent d'eau, sur 500 ménages enquêtés.
Sur 10 ménages, 7 déclarent manger moins de deux repas par jour (70 %).
Sur 50 sites, 30 comptent moins de cinq latrines (60 %).
Sur 100 travailleurs humanitaires, 12 ont été formés en mars et 24 en avril (soit 36 %).
Sur 60 villages visités, 45 signalent moins de deux enseignants (75 %).
Le nombre de décès a diminué de deux tiers, passant de 60 à 20.
Le nombre a diminué d'un facteur trois, passant de 30 000 à 10 000.
Le nombre a été divisé par trois, passant de 30 000 à 10 000.
Le nombre a baissé de trois quarts, passant de 80 à 20.
Le nombre a baissé de moitié, passant de 80 à 40.
Le nombre a augmenté d'un tiers, passant de 60 à 80.
60, 45 et 30 cas ont été notifiés (baisse de 33 % de la semaine 11 à la semaine 12).
60, 45 et 30 cas ont été notifiés (en baisse de 33 % de la semaine 11 à 12).
Sept sur dix (97) ont répondu.
Deux à trois (3) visites ont eu lieu.
Un ménage sur trois (100) manque d'eau.
3 ménages sur quatre (300) manquent d'eau.
Quelque 450 personnes sont en phase trois (450).
7 déclarent manger moins de deux repas, soit 70 % des 10 ménages.
75 % des 60 villages n'ont pas d'école (deux ont fermé).
Sur 200 enfants, 50 filles et 60 garçons de moins de cinq ans (55 %) ont été vaccinés.
45 villages sur 60 comptent moins de deux enseignants (75 %).
45 villages sur 60 ont moins de deux enseignants, soit 75 %.
Le nombre a baissé de 2/3, passant de 60 à 20.
Les cas sont passés de 60 à 20, soit une baisse de deux tiers.
Les cas sont passés de 60 à 20, soit une baisse des deux tiers.
Les cas sont passés de 20 à 60, soit trois fois plus.
Les cas sont passés de 20 à 60, soit une hausse d'un facteur trois.
Les cas ont reculé de quatre cinquièmes, de 100 à 20.
Les cas ont reculé de trois dixièmes, de 100 à 70.
Les cas ont été réduits d'un facteur de deux, de 100 à 50.
On compte 30 cas, contre 45 à la semaine 11.
On compte 30 cas (semaine 12), en baisse par rapport à la semaine 11.
30 cas ont été vus, une baisse de 33 % par rapport à la semaine 45.
Les arrivées ont presque doublé, de 100 à 165.
Les arrivées ont doublé, passant de 100 à 250.
Les écoles à double vacation sont passées de 120 à 180.
Le prix a été divisé par deux, passant de 100 à 52.
450 personnes, dont 220 femmes, 198 hommes et 232 enfants, sont arrivées.
Les admissions ont baissé d'un quart, passant de 80 à 60.
Sur 120 écoles, 90 ont au moins trois salles (75 %) et 30 moins de trois (25 %).
Parmi les 80 sites, 60 abritent plus de 100 ménages, soit 75 %.
Deux écoles sur les trois (200) visitées sont fermées.
Un enfant sur quatre (250) n'est pas scolarisé.
Une personne sur cinq (19 %) est déplacée.
2 sur trois (66) ont répondu.
Dans trois villages sur dix (97), les puits sont à sec.
Sur 40 ménages, 30 ont déclaré que plus de trois enfants travaillent (75 %).
Sur 200 personnes interrogées, 150 ont cité l'eau et 2 repas par jour (75 %).
Sur 60 villages, 45 ont en moyenne deux enseignants, soit un taux de 75 %.
Sur 300 femmes, 120 ont deux enfants ou plus (40 %) et 60 n'en ont aucun (20 %).
Sur 100 agents, 12 ont été formés en mars, 24 en avril et 10 en mai (46 %).
Sur 500 sites, 100 sites de 3 régions (20 %) sont inondés.
Les cas ont diminué des deux tiers, passant de 60 à 20.
Les cas ont chuté de trois quarts (de 80 à 20).
Les cas ont augmenté d'un facteur trois environ, de 1 000 à 3 050.
Les cas ont été multipliés par trois, passant de 20 à 60.
Le nombre est passé de 60 à 20, soit trois fois moins.
Le prix a augmenté de deux tiers, passant de 300 à 500 francs.
Les cas ont augmenté de la semaine 11 à la semaine 12 de 20 %, passant de 25 à 30.
Le nombre est passé de 45 (S11) à 30 (S12), soit une baisse de 33 %.
L'effectif est passé du niveau 3 à 2.
Les prix ont doublé entre 2020 et 2022, passant de 100 à 195.
Les prix ont triplé de 100 à 290.
La part a doublé, passant de 10 à 19 %.
1 personne sur 5 (19 %) est déplacée.
"""

SENTENCES = [line for text in (ENGLISH, FRENCH) for line in text.strip().splitlines()]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_true_sentence_is_never_accused(sentence):
    assert [v.code for v in check_statements(sentence) if v.status == INCONSISTENT] == []


def test_true_sentences_side_by_side_are_not_accused_either():
    """Neighbours must not lend each other their figures."""
    for text in (ENGLISH, FRENCH):
        accused = [v.claim.passage.sentence for v in check_statements(text) if v.status == INCONSISTENT]
        assert accused == []


FALSE = (
    "The count doubled from 120 to 180.",
    "Le nombre a doublé, passant de 120 à 180.",
    "The number fell by a factor of three from 30,000 to 15,000.",
    "Le nombre a été divisé par trois, passant de 30 000 à 15 000.",
    "4,512 children were reached: 2,310 girls and 2,602 boys.",
    "4,512 enfants ont été touchés : 2,310 filles et 2,602 garçons.",
    "4,512 enfants dont 2,310 filles et 2,602 garçons.",
    "The team covered five (6) regions.",
    "L'équipe a couvert cinq (6) régions.",
    "Of 60 villages visited, 45 have no school (65%).",
)


@pytest.mark.parametrize("sentence", FALSE)
def test_false_sentences_like_them_are_still_found(sentence):
    assert INCONSISTENT in {v.status for v in check_statements(sentence)}


@pytest.mark.parametrize(
    "sentence",
    [
        "1,245 individuals, including 812 women, 389 men and 444 children, arrived.",
        "450 personnes, dont 220 femmes, 198 hommes, 232 enfants, sont arrivées.",
        "450 dont 220 femmes, 198 hommes, 232 enfants.",
        "Of 60 villages visited, 45 have fewer than two teachers (65%).",
        "450 personnes dont 220 femmes, 198 hommes, 232 enfants sont arrivées.",
    ],
)
def test_what_may_overlap_or_be_read_in_two_ways_is_neither_accused_nor_blessed(sentence):
    assert not {v.status for v in check_statements(sentence)} & {CONSISTENT, INCONSISTENT}


@pytest.mark.parametrize("shape", ["12 13 14\n", "12 %\n", "De 12 à 13 PDI. ", "Kayes 12 13\n", "12 "])
def test_a_text_beyond_the_limit_is_refused_before_any_work(shape):
    with pytest.raises(MethodError) as caught:
        check_statements(shape * (MOST_NUMBERS + 1))
    assert caught.value.code == "statements.too_many_numbers"


def test_a_long_text_without_numbers_is_refused_too_and_one_at_the_limit_is_read():
    assert check_statements("a" * MOST_CHARACTERS) == []
    with pytest.raises(MethodError):
        check_statements("a" * (MOST_CHARACTERS + 1))


def test_two_slipped_digits_are_found_among_many_figures_of_the_same_digits():
    """Each figure is held against its own slips only, not against every other one."""
    figures = [f"Il y a {n} personnes." for n in ("1 234 567", "7 654 321", "1 243 567", "2 345 671")]
    found = [v for v in check_statements("\n".join(figures)) if v.code == "statements.claim_near_repeat"]
    assert [[int(n.value) for n in v.claim.figures] for v in found] == [[1234567, 1243567]]
