"""Pairs of sentences that differ in one figure, `{true|false}`: the false one is found, the true one never accused.

All figures are invented.
"""

import re

import pytest

from taama.statements.methods import (
    CONSISTENT,
    INCONSISTENT,
    PARTLY,
    UNCHECKED,
    by_sentence,
    check_statements,
)

FOUND = """
Au total, 3 412 déplacés ont été enregistrés, dont {1 802|2 802} à Bankass, 1 010 à Koro et 600 à Douentza.
Les trois sites abritent respectivement 240, 310 et 150 ménages, soit {700|730} ménages au total.
L'équipe a visité 14 villages à Koro, 9 à Bankass et 7 à Bandiagara, soit {30|33} villages en tout.
Sur 480 ménages interrogés, 312 ({65 %|75 %}) disent manquer d'eau.
{65 %|55 %} des ménages (312 sur 480) disent manquer d'eau.
1 personne sur 3 ({33 %|53 %}) a besoin d'aide.
Une personne sur quatre, soit {2 500|3 500} des 10 000 habitants, est déplacée.
Trois ménages sur cinq ({60 %|80 %}) dorment dehors.
La moitié des 640 élèves, soit {320|420}, ont abandonné l'école.
Les deux tiers des 900 ménages ({600|750}) ont reçu des semences.
Le taux de couverture est de {82 %|92 %} (410 enfants vaccinés sur 500 attendus).
Le plan est financé à {38 %|48 %} : 190 millions de dollars reçus sur 500 millions demandés.
La couverture vaccinale a baissé de 85 % à 68 %, soit {17|27} points.
L'indice est monté de 100 à 150, soit {50 %|70 %}.
En avril, 440 cas ont été notifiés, soit {7 %|17 %} de moins qu'en mars (473).
Le nombre de PDI a augmenté de moitié, de {80 000|60 000} à 120 000.
Les arrivées ont diminué d'un tiers, de 1 500 à {1 000|750}.
Les cas ont doublé en un an, de 240 à {480|720}.
Le nombre de sites a triplé, de 12 à {36|24}.
Les cas ont été divisés par quatre, de 800 à {200|400}.
La prévalence a reculé de {3,4|4,4} points, passant de 15,2 % à 11,8 %.
La malnutrition atteint 11,8 % contre 15,2 % l'an dernier, en baisse de {3,4|2,4} points.
Les incidents ont augmenté de {25 %|35 %} par rapport à mai (120 contre 96).
Avec 120 incidents en juin contre 96 en mai, la hausse est de {25 %|45 %}.
Le taux de scolarisation a perdu {8|18} points en un an (de 54 % à 46 %).
Le nombre de PDI (355 000) a augmenté de {4 %|14 %} par rapport à décembre (341 000).
On compte 355 000 PDI en mars, soit {14 000|24 000} de plus qu'en décembre (341 000).
L'effectif augmente de 12 000 personnes, de 88 000 à {100 000|110 000}.
Au point de Benena, 2 170 personnes ont traversé en 31 jours, soit {70|90} par jour.
Le forage donne 8 400 litres par jour pour 560 personnes, soit {15|25} litres par personne et par jour.
La campagne mobilise 12 équipes de {5|6} agents, soit 60 agents.
On y trouve 7 500 personnes dans 1 250 ménages ({6|8} personnes par ménage).
La taille moyenne des ménages est de {6,0|7,0} (7 500 personnes pour 1 250 ménages).
Le site compte 300 latrines pour 7 500 personnes, soit une latrine pour {25|45} personnes.
Quelque 7 500 personnes se partagent 300 latrines, soit {25|45} personnes par latrine.
Le taux d'attaque est de {12|22} cas pour 10 000 habitants (480 cas pour 400 000 habitants).
L'aide est de 350 dollars par ménage pour 200 ménages, soit {70 000|90 000} dollars.
Les {trois|quatre} régions les plus touchées sont Mopti, Gao et Ménaka.
{Trois|Quatre} districts sont en alerte : Koro, Bankass et Douentza.
Les cas viennent de {cinq|six} aires de santé : Koporo, Dioungani, Madougou, Dinangourou et Yoro.
L'épidémie touche {3|5} pays, à savoir le Mali, le Niger et le Tchad.
Mopti, Gao et Ménaka sont les {trois|deux} régions concernées.
La réponse couvre {quatre|cinq} secteurs : l'eau, la santé, les abris et la protection.
Mopti (159), Gao (98) et Ségou (55) totalisent {312|322} cas.
Les cas se répartissent entre Mopti (45 %), Gao (30 %) et Ségou ({25 %|35 %}).
On compte 45 incidents à Mopti, 30 à Gao et 25 à Ségou, soit {100|110} incidents.
Le projet dure {18|24} mois, de janvier 2022 à juin 2023.
L'enquête s'est tenue du 3 au 12 mai 2023, soit {10|14} jours.
Environ 1,2 million de personnes, soit {24 %|34 %} des 5 millions d'habitants, sont touchées.
Le plan cible 1,2 million de personnes, dont {0,5|1,5} million d'enfants.
Sur les 52 districts du pays, 13 (soit un {quart|tiers}) ont notifié des cas.
Il manque {310|410} millions de dollars : 190 millions reçus pour 500 millions requis.
Les prix ont quadruplé, de 150 à {600|450} francs.
Depuis janvier, 36 cas dont {9|45} décès ont été enregistrés.
Le nombre de retournés a bondi de {60 %|80 %}, à 16 000 contre 10 000 un an plus tôt.
La collecte couvre 47 communes sur 49, soit {96 %|86 %}.
Les garçons représentent {55 %|65 %} des 1 200 élèves (660).
Parmi 5 000 ménages, 2 ménages sur 5 ({2 000|3 000} ménages) vivent sous bâche.
Arrivals halved from 600 to {300|450}.
The caseload fell by half, from 5,000 to {2,500|3,500}.
Admissions increased by a third, from 900 to {1,200|1,500}.
The {four|five} most affected districts are Koro, Bankass, Douentza and Mopti.
In week 12, 85 new cases were reported, {15|25} more than in week 11 (70).
Of the 52 districts, 13 (one {quarter|third}) reported cases.
The attack rate was {2.4|4.4} per 1,000 (96 cases in a population of 40,000).
Teams vaccinated 9,500 of 10,000 children, a coverage of {95%|85%}.
The response rate was {84%|94%} (42/50).
Some US$ 500 million is required and 190 million was received, leaving a gap of US$ {310|410} million.
Flows fell {12|22} per cent, from 2,500 in April to 2,200 in May.
Flows went up from 2,200 to 2,500 ({+14%|+34%}).
Open defecation dropped {9|19} percentage points to 21 per cent from 30 per cent.
Coverage stands at 68 per cent, down {17|27} points from 85 per cent in 2021.
There are 300 latrines for 7,500 people, or one latrine per {25|45} people.
About 7,500 people live in 1,250 households, an average of {6|8} persons per household.
Partners reached {9,300|9,900} people, comprising 5,100 women and girls and 4,200 men and boys.
Gao (4,120), Ménaka (3,050) and Kidal (2,700) together host {9,870|9,170} IDPs.
Of the {9,870|9,670} IDPs, 4,120 are in Gao, 3,050 in Ménaka and 2,700 in Kidal.
One in three households ({33%|53%}) skipped meals.
Two out of five children ({40%|60%}) are out of school.
One in four people, or {2,500|4,500} of the 10,000 residents, is displaced.
Half of the 640 pupils, or {320|420}, dropped out.
Two thirds of the 900 households ({600|750}) received seeds.
The survey took place from 3 to 12 May 2023 ({10|14} days).
The project runs for {18|24} months, from January 2022 to June 2023.
Three regions, Mopti, Gao and Ménaka, account for {78|88} per cent of the caseload (780 of 1,000 cases).
An estimated 1.2 million people, or {24|34} per cent of the population of 5 million, are in need.
The plan targets 1.2 million people, including {0.5|1.5} million children.
The cases come from {five|six} health areas: Koporo, Dioungani, Madougou, Dinangourou and Yoro.
The response covers {four|five} sectors: water, health, shelter and protection.
Mopti, Gao and Ménaka are the {three|two} regions concerned.
Prices quadrupled from 150 to {600|450} francs.
IDPs now number 355,000, {4|14} per cent more than in December (341,000).
IDPs now number 355,000, {14,000|24,000} more than in December (341,000).
The caseload grew by {12,000|22,000} people, from 88,000 to 100,000.
There was a {25|45} per cent rise in incidents in June (120, against 96 in May).
June saw 120 incidents, compared to 96 in May: {25|35} per cent more.
With 120 incidents in June against 96 in May, the increase is {25|45} per cent.
The plan is {38|48} per cent funded, with $190 million received out of the $500 million required.
Each of the 200 households received $350, a total of ${70,000|90,000}.
Twelve teams of {five|six} agents, 60 agents in all, were deployed.
Coverage improved from 60 to 75 per cent, a gain of {15|25} percentage points.
Coverage improved from 60 to 75 per cent, or {25|15} per cent.
Deaths dropped to 15 from {20|30}, a 25 per cent decline.
The water point serves 560 people with 8,400 litres a day, or {15|25} litres per person per day.
Boys account for {55|65} per cent (660) of the 1,200 pupils.
Data were collected in 47 of 49 communes ({96|86} per cent).
The population of the camp shrank from 14,000 to 10,500, losing a {quarter|half} of its residents.
Entre mars et juin, l'effectif est tombé de 96 à {72|52} agents, une baisse d'un quart.
Le nombre de points d'eau fonctionnels recule de {12|22} points de pourcentage, à 48 % contre 60 % en 2022.
En semaine 20, le district a rapporté 64 cas, contre 80 la semaine précédente (-{20|30} %).
Les admissions passent de 1 040 à 1 300 (+{25|45} %).
Les décès ont chuté de {40 %|60 %} en un an, passant de 25 à 15.
Le nombre de localités évaluées, 1 250, est supérieur de {25 %|45 %} à celui du cycle précédent (1 000).
La production laitière a été multipliée par {trois|cinq}, de 400 à 1 200 litres.
Les effectifs scolaires ont plus que doublé, de 310 à {680|480} élèves.
Le taux d'abandon a été réduit de moitié, de 14 % à {7 %|11 %}.
Une hausse de {30 %|50 %} des arrivées a été observée : 2 600 en mai contre 2 000 en avril.
Le déficit en eau est passé de 15 à 12 litres par personne, soit une baisse de {20 %|40 %}.
Le nombre de femmes enceintes suivies progresse de 18 %, de 500 à {590|690}.
Sur les 320 forages inspectés, 208, soit {65 %|85 %}, fonctionnent.
Seuls {35 %|55 %} des 320 forages (112) fonctionnent.
Sur 320 forages, {35 %|55 %} (112) sont en panne.
Le taux de réponse atteint {88 %|78 %} (440 questionnaires remplis sur 500 envoyés).
Neuf écoles sur dix ({90 %|70 %}) ont rouvert.
Parmi les 640 cas, 224 ({35 %|25 %}) concernent des enfants de moins de 5 ans.
Les 640 cas comprennent 224 enfants de moins de 5 ans ({35 %|25 %}).
La région de Gao concentre {40 %|60 %} des cas, soit 256 des 640 cas.
Le fonds a décaissé 12 millions de dollars sur les 48 millions promis, soit {25 %|35 %}.
Les deux centres ont admis 85 et 65 enfants, soit {150|180} au total.
On a recensé 18 700 déplacés : 9 900 femmes et {8 800|9 800} hommes.
Le budget de 9,6 millions d'euros se répartit entre la santé (4,1 millions), l'eau (3,3 millions) et l'éducation ({2,2|3,2} millions).
Sur les 18 700 déplacés, 9 200 vivent à Gao, 6 100 à Ansongo et {3 400|4 400} à Bourem.
Gao (31 décès), Ansongo (15) et Bourem (10) totalisent {56|66} décès.
Le hangar contient 240 cartons de 12 boîtes, soit {2 880|3 880} boîtes.
Chacun des 40 comités compte 8 membres, soit {320|420} membres au total.
Les 250 familles ont reçu chacune 2 couvertures, soit {500|600} couvertures.
Une allocation de 25 000 FCFA par ménage a été remise à 300 ménages, soit {7,5|9,5} millions de FCFA.
Le camp dispose de 45 points d'eau pour 11 250 personnes, soit un point d'eau pour {250|350} personnes.
Le camp dispose de 45 points d'eau pour 11 250 personnes, soit {250|350} personnes par point d'eau.
Les 1 845 personnes arrivées forment 369 ménages, soit une taille moyenne de {5|7} personnes.
L'incidence hebdomadaire est de {15|25} cas pour 100 000 habitants (60 cas pour 400 000 habitants).
En 14 jours, 980 consultations ont été réalisées, soit {70|90} consultations par jour.
Du 2 au 15 octobre 2023, 980 consultations ont été réalisées, soit en moyenne {70|110} par jour.
La distribution a eu lieu du 2 au 15 octobre 2023, soit pendant {14|20} jours.
De mars 2021 à février 2023, soit en {deux|quatre} ans, 30 puits ont été creusés.
Les {cinq|six} communes touchées sont Gounzoureye, Soni Ali Ber, Anchawadji, Tilemsi et Gabero.
Trois cercles, Gao, Ansongo et Bourem, sont en phase 3 ; {trois|quatre} communes (Gabero, Tilemsi et Anchawadji) le sont aussi.
The number of functioning boreholes went down by {40|60}, from 320 to 280.
There were 64 cases in week 20, a drop of {20|40} per cent from the 80 of week 19.
Some 2,600 people arrived in May, {600|900} more than in April (2,000).
Enrolment was up {18|38} per cent, from 500 to 590 pupils.
The price of millet climbed to 324 francs from 270, an increase of {20|40} per cent.
School closures tripled to {930|620} from 310.
Of the 320 boreholes inspected, 208 ({65|85} per cent) work.
Only 112 of 320 boreholes, {35|55} per cent, work.
Some 7,250 children, or {58|78} per cent of all 12,500 displaced people, need help.
About nine in ten schools ({90|70} per cent) have reopened.
The two centres admitted 85 and 65 children, {150|190} in total.
The warehouse holds 240 boxes of 12 cans, or {2,880|3,880} cans.
In 14 days 980 consultations were held, or {70|90} per day.
The mission lasted {two|five} weeks, from 2 to 15 October 2023.
The {five|seven} affected communes are Gounzoureye, Gabero, Anchawadji, Tilemsi and Ansongo.
Deaths were recorded in {three|four} towns: Gao, Ansongo and Bourem.
Out of 640 cases, {224|284} (35 per cent) were children under five.
Altogether 18,700 people were displaced, of whom 9,200 in Gao, 6,100 in Ansongo and {3,400|4,400} in Bourem.
The budget of $9.6 million is divided between health ($4.1 million), water ($3.3 million) and education (${2.2|3.2} million).
Vaccination coverage rose by {15|25} percentage points between 2021 and 2023, from 60% to 75%.
The positivity rate fell from 12% to 9%, that is by {three|five} points.
Malaria accounted for {1,800|2,800} of the 4,500 consultations (40%).
La population du site est passée de 3 215 à 4 180 personnes en deux mois (+{30|50} %).
Le nombre de formations sanitaires fermées a reculé, de 61 à {47|71}.
Entre les deux enquêtes, la prévalence de la MAG est passée de 13,4 à 10,1 %, soit un recul de {3,3|5,3} points.
Sur 755 alertes reçues, {604|704} (80 %) ont été vérifiées.
604 des 755 alertes reçues, soit {80 %|90 %}, ont été vérifiées.
Près de 8 ménages sur 10 ({79 %|59 %}) achètent leur eau.
Quatre femmes sur dix, soit environ {1 240|2 240} des 3 100 femmes interrogées, n'ont pas accès aux soins.
La moitié des 118 puits ({59|89}) sont taris.
Sur les 2 146 retours enregistrés, 1 012 l'ont été à Ber, 734 à Goundam et {400|700} à Diré.
Ber, Goundam, Diré et Niafunké sont les {quatre|cinq} communes desservies.
Les {six|sept} cercles évalués sont Ber, Goundam, Diré, Niafunké, Bourem et Ansongo.
La stratégie repose sur {trois|quatre} piliers : la prévention, la réponse et le relèvement.
Les 27 équipes de 4 enquêteurs, soit {108|128} enquêteurs, ont couvert 6 cercles.
Il a été remis 45 000 FCFA par ménage à 620 ménages, soit un total de {27,9|37,9} millions de FCFA.
Il y a un agent de santé pour {1 250|2 250} habitants : 36 agents pour 45 000 habitants.
Le ratio élèves-maître est de {52|72} élèves par maître (3 744 élèves, 72 maîtres).
Du 4 au 24 mars 2024 (soit {trois|cinq} semaines), 12 600 enfants ont été vaccinés.
La récolte a été divisée par deux, passant de 18 400 à {9 200|12 900} tonnes.
Les prix du riz ont grimpé d'un quart, de 16 000 à {20 000|24 000} FCFA le sac.
Cases went up from 412 to 515, a {25|45} per cent rise.
The number of sites dropped by {11|21}, from 64 to 53.
At 2,310, new admissions were {10|30} per cent higher than in March (2,100).
New admissions (2,310) increased by {10|30} per cent compared with March (2,100).
Of 755 alerts received, 604 ({80|90} per cent) were verified within 24 hours.
Some 604 out of 755 alerts ({80%|70%}) were verified.
Four in ten women ({41%|61%}) lack access to care.
Half of the 118 wells ({59|79}) have dried up.
Returns were recorded in Ber (1,012), Goundam (734) and Diré (400), totalling {2,146|2,346} people.
Ber, Goundam and Diré are the {three|four} districts served.
The strategy rests on {three|five} pillars: prevention, response and recovery.
The 27 teams of four enumerators, or {108|128} enumerators, covered six districts.
There is one health worker per {1,250|2,250} people: 36 health workers for 45,000 people.
Crude mortality stood at {0.6|1.6} per 1,000 (27 deaths in a population of 45,000).
The vaccination drive ran from 4 to 24 March 2024, lasting {three|five} weeks.
A total of 12,600 children were vaccinated in 21 days, or {600|800} children per day.
Rice prices rose by a quarter, from 16,000 to {20,000|24,000} francs.
The harvest was halved, from 18,400 to {9,200|13,900} tonnes.
Only 24 million of the 64 million dollars requested were received, or {37.5|47.5} per cent.
Girls make up {48|58} per cent of the 3,744 pupils (1,797).
The camp's population of 8,400 comprises 4,500 women and {3,900|4,900} men.
Stocks cover 620 households, {45|145} fewer than in May (665).
"""
# What is read, or left open, without being sure: rounded figures, rests, other readings.
LEFT_OPEN = """
Le district a notifié {148|158} cas : 92 chez les femmes et 56 chez les hommes.
Sur {1 200|1 300} kits reçus, 850 ont été distribués et 350 restent en stock.
Le camp compte 4 210 réfugiés (2 105 femmes, 1 985 hommes et {120|220} personnes dont le sexe n'est pas renseigné).
Parmi les enfants dépistés, 73 sont malnutris : 22 sévères et {51|61} modérés.
Total général : {9 870|9 970} (Gao 4 120, Ménaka 3 050, Kidal 2 700).
Avec 27 décès pour 1 350 cas, la létalité est de {2 %|4 %}.
Les femmes (52 %) et les hommes ({48 %|58 %}) participent aux réunions du comité.
Le nombre de ménages est passé de 1 200 en mars à 1 500 en juin, soit {300|400} ménages supplémentaires.
On compte 1 500 ménages en juin, soit {300|400} de plus qu'en mars (1 200).
Du 1er au 31 mai 2023, 2 170 voyageurs ont été comptés, soit {70|95} par jour en moyenne.
En mai 2023, la moyenne quotidienne est de {70|95} voyageurs, pour un total de 2 170.
Le site abrite 1 250 ménages de 6 personnes en moyenne, soit {7 500|8 500} personnes.
Plus de {10 000|12 000} personnes ont fui : 6 200 de Koro et 4 300 de Bankass.
Près de {8 000|6 000} personnes (7 940) ont reçu des vivres.
Sur 80 sites, {62|72} restent ouverts et 18 ont fermé.
Le stock est passé de 4 800 à 1 600 kits, soit une réduction des {deux tiers|trois quarts}.
Le nombre d'écoles fermées a presque doublé, passant de 850 à {1 640|1 240}.
The number of returnees rose by {20|30} per cent to 120,000 from 100,000.
Admissions doubled, from 320 in May to {640|840} in June.
A total of 1,204 cases and 38 deaths (CFR {3.2%|5.2%}) were reported.
Since January, 1,204 cases including 38 deaths were reported, for a case fatality rate of {3.2|6.2} per cent.
Of 80 sites, {62|72} remain open and 18 have closed.
The site hosts 1,250 households of 6 people on average, or {7,500|8,500} people.
Between 1 and 30 June 2023, 4,500 movements were recorded, or {150|190} a day.
The daily average was {150|210} movements over 30 days, 4,500 in total.
In total, {2,340|2,540} kits were distributed: 1,200 in Gao, 740 in Ménaka and 400 in Kidal.
More than {10,000|12,000} people fled: 6,200 from Koro and 4,300 from Bankass.
Women make up 52 per cent and men {48|58} per cent of the displaced.
The number of closed schools nearly doubled, from 850 to {1,640|1,240}.
Stocks fell by {two thirds|three quarters}, from 4,800 to 1,600 kits.
Four (4) provinces report cases, with {312|322} in total: 150 in Mopti, 98 in Gao, 55 in Ségou and 9 in Kayes.
Avec 45 cas de plus qu'en 2021, le district atteint {245|295} cas (200 en 2021).
Près de trois quarts (74 %) des 500 ménages, soit {370|470} ménages, ont un abri.
Les enfants représentent {58 %|78 %} des 12 500 déplacés (7 250 enfants).
Trois convois ont transporté 40, 35 et 25 tonnes, soit {100|120} tonnes au total.
Le cercle compte 86 écoles, dont {52|92} fermées.
La mission a formé 24 infirmiers, 16 sages-femmes et 10 médecins, soit {50|60} agents de santé.
Au total, {56|66} décès ont été enregistrés, à savoir 31 à Gao, 15 à Ansongo et 10 à Bourem.
Children make up {58|78} per cent of the 12,500 displaced (7,250 children).
The mission trained 24 nurses, 16 midwives and 10 doctors, or {50|70} health workers.
With 45 taps for 11,250 people, each tap serves {250|350} people.
L'effectif enseignant, de 815 en 2021, n'est plus que de 652, soit une perte de {20|35} %.
Avec 1 122 nouveaux arrivants, contre 935 en février, le mois de mars marque une progression de {20|40} %.
Le taux de guérison (89 %) dépasse de {14|24} points celui de 2020 (75 %).
Les dons s'élèvent à 3,6 millions d'euros : 2,1 millions pour l'eau et {1,5|2,5} million pour la santé.
Le convoi transportait 315 tonnes de mil, 140 tonnes de riz et 45 tonnes d'huile, soit {500|600} tonnes au total.
Chaque équipe compte 4 enquêteurs ; les 27 équipes totalisent {108|128} enquêteurs.
Les 12 600 enfants vaccinés en 21 jours représentent {600|800} enfants par jour.
The convoy carried 315 bags of millet, 140 of rice and 45 of beans, {500|600} bags in total.
The appeal for $64 million has received $24 million, {37.5|47.5} per cent of requirements.
"""
# True, though they look like one of those above.
TEMPTING = """
Sur 500 déplacés, 300 viennent de Mopti et 350 vivent à Gao.
Of 800 returnees, 500 came from Mopti and 450 live in Gao.
Les 300 agents ont suivi la formation, dont 200 à Gao et 150 à Mopti.
Le nombre de sites évalués est passé de 100 à 150, soit 75 % des sites connus.
La couverture est passée de 40 % à 60 %, soit 90 % de l'objectif.
Le nombre de ménages est passé de 200 à 150, soit 75 % de l'effectif initial.
Le nombre de ménages est passé de 200 à 150, soit 75 %.
Les cas ont augmenté de moitié en un an, de 100 à 148.
Les cas ont baissé d'un tiers, de 900 à 610.
Les arrivées ont presque triplé, de 100 à 280.
Arrivals fell by nearly half, from 1,000 to 530.
Arrivals fell by almost a third, from 1,000 to 680.
En juin, 120 cas ont été notifiés, soit 20 de plus qu'en mai (100), et 30 de plus qu'en avril (90).
440 cas ont été notifiés, soit 7 % de moins qu'en mars (473), dont 12 décès.
On compte 120 cas, dont 20 % de plus chez les femmes que chez les hommes (50).
Prices rose 12 per cent to 280 francs from 250.
The rate rose 5 points to 60 per cent from 55 per cent in May.
Rations were cut to 400 grams from 500 grams, a 20 per cent reduction.
12 équipes de 5 agents et 3 superviseurs, soit 63 personnes, ont été déployées.
12 équipes de 5 agents, soit 60 agents et 3 superviseurs, ont été déployées.
Le camp compte 20 blocs de 10 latrines, dont 15 en panne.
Le camp compte 20 blocs de 10 latrines, soit une latrine pour 30 personnes.
Chaque ménage des 200 ménages a reçu 350 dollars, soit 70 000 dollars en trois tours.
Les 200 ménages ont reçu 350 dollars chacun, soit 50 dollars par personne.
350 dollars par ménage ont été versés à 200 ménages, soit 70 000 dollars.
350 dollars par ménage ont été versés à 200 ménages, soit 1 200 personnes.
On compte un médecin pour 10 000 habitants, 12 médecins et 110 000 habitants.
Le district compte 3 médecins pour 30 000 habitants.
There are 3 doctors for 30,000 people, one doctor per 10,000 people.
The incidence is 4 per 1,000 in Gao (400 cases) and 6 per 1,000 in Mopti (600 cases).
Le taux est de 12 pour 1 000 chez les femmes (240) et de 8 pour 1 000 chez les hommes (160).
La campagne a duré 5 jours, du 1er au 30 juin 2023 selon les cercles.
Le projet, prévu pour 12 mois, s'est déroulé de janvier 2022 à juin 2023.
De janvier à juin 2023, les enfants de 6 mois ont été vaccinés.
From January to June 2023, children over 9 months were vaccinated.
The survey ran from 3 to 12 May 2023 (7 working days).
L'enquête s'est tenue du 3 au 12 mai 2023, en 7 jours ouvrables.
Du 1er janvier au 30 juin 2023, soit un semestre, 12 formations de 3 jours ont eu lieu.
Entre mars et juin 2023, soit en trois mois, le nombre a doublé, passant de 50 à 100.
Entre mars et juin 2023, soit en quatre mois, le nombre a doublé, passant de 50 à 100.
De 2019 à 2023, soit cinq ans, 40 écoles ont été construites.
De 2019 à 2023, soit quatre ans, 40 écoles ont été construites.
Les deux régions les plus touchées sont Mopti et Gao, suivies de Ménaka.
Les trois régions les plus touchées sont Mopti, Gao et Ménaka, puis Ségou.
Les quatre secteurs sont l'eau et l'assainissement, la santé, les abris, la protection.
La réponse couvre trois secteurs : santé, abris, eau et assainissement.
La réponse couvre quatre secteurs : santé, abris, eau et assainissement.
Trois partenaires (Mopti, Gao et l'ONG locale) participent.
Mopti, Gao et Ménaka sont les trois régions les plus touchées, devant Ségou et Kidal.
Mopti et Gao sont les deux premières des cinq régions.
Les organisations présentes dans trois régions sont Mopti Santé, Gao Aide, Terre Verte et Action Sahel.
The five agencies working in two regions are Alpha, Beta, Gamma, Delta and Epsilon.
Trois des cinq districts sont Koro, Bankass et Douentza.
Three of the five districts are Koro, Bankass and Douentza.
Mopti (159), Gao (98) et Ségou (55) accueillent 312 ménages et 1 500 personnes.
Mopti (159), Gao (98) et Ségou (55) comptent 12 centres.
Mopti (45 %), Gao (30 %) et Ségou (35 %) ont reçu la moitié de leurs vivres.
Les vivres répartis couvrent 45 % des besoins à Mopti, 30 % à Gao et 35 % à Ségou.
Les fonds sont répartis entre 45 % pour la santé, 30 % pour l'eau et 25 % pour le reste, dont 10 % pour les abris.
Sur 1 200 kits reçus, 850 ont été distribués à Gao et 500 ont été contrôlés à Mopti.
Sur 100 ménages, 60 ont de l'eau à Gao et 70 ont du bois à Mopti.
14 formations à Koro, 9 à Bankass et 7 à Gao, soit 25 formations différentes au total.
500 personnes formées à Gao et 300 à Mopti, soit 700 personnes au total, car 100 l'ont été deux fois.
45 incidents à Mopti et 30 à Gao, soit 60 incidents meurtriers.
Some US$ 500 million is required and 190 million was received in 2023, while a gap of 20 million remains for health.
Il manque 310 millions : 500 millions requis, 190 millions reçus.
250 of 300 households, a share of 83 per cent, answered.
250 of 300 households answered, a rate of 83 per cent against 70 per cent in 2021.
1 ménage sur 3 (35 %) manque d'eau.
One in three households (30%) lacks water.
Trois enfants sur dix (28 %) ont de la fièvre.
Nine in ten pupils (92%) passed.
Une personne sur quatre, soit 2 400 des 10 000 habitants, est déplacée.
Une femme sur cinq, soit 300 femmes, dont 120 des 500 femmes enceintes, est suivie.
Sur 5 000 ménages, 2 ménages sur 5 (environ 1 900) vivent sous bâche.
La population est de 5 millions, dont 1,2 million de déplacés, soit 24 % de la population.
Le taux est de 38 % : 190 écoles fermées sur 500 écoles.
Le taux de fermeture est de 38 % avec 190 écoles fermées sur les 500 de la zone.
La part est de 40 % : 12 sites sur 30 à Gao et 8 sur 20 à Mopti.
La part moyenne est de 45 %, avec 12 sites sur 30 à Gao (40 %) et 10 sur 20 à Mopti (50 %).
The share is 40 per cent, with 12 of the 30 sites in Gao and 8 of the 20 in Mopti.
La part des sites avec eau est de 60 %, dont 12 sur 30 à Gao.
Overall coverage is 70%, with 45 of the 50 schools in Gao reached.
En 2023, la couverture nationale atteint 82 %, mais à Gao 20 enfants sur 50 restent à vacciner.
The vaccination reached 82 per cent of children (410), and 90 per cent in Gao (45 of 50).
Deaths dropped to 15 from 20 and injuries to 40 from 60.
From 20 deaths in May, the figure fell to 15 in June, a 25 per cent decline.
The number of cases went from 20 to 30, 40 per cent of them among women.
Le nombre de cas est passé de 20 à 30, 40 % d'entre eux chez les femmes.
Le nombre de cas est passé de 20 à 30, soit 12 femmes de plus.
Le nombre de cas est passé de 20 à 30, soit 15 femmes et 15 hommes.
Le nombre de cas est passé de 20 à 30 (12 femmes).
Les PDI (355 000) ont augmenté de 14 % par rapport aux chiffres d'il y a un an (312 000).
Le nombre de retournés (80 000) a augmenté de 10 % depuis le cycle 70, contrairement aux PDI (355 000).
Le prix du mil (300 francs) a augmenté de 20 % par rapport à l'an dernier (250 francs).
Le nombre de ménages a baissé de 5 % par mois, de 1 000 en janvier à 814 en mai.
Sur les 100 000 habitants, 480 cas, soit un taux de 48 cas pour 10 000.
Le taux de mortalité est de 0,4 décès pour 10 000 personnes par jour.
Le taux de mortalité est de 1,2 pour 1 000, soit 24 décès pour 20 000 personnes.
Un poste de santé dessert 9 000 personnes, soit 1 500 ménages de 6 personnes.
Les 2 170 voyageurs comptés en 31 jours, soit 70 par jour, viennent de 5 pays.
La ration est de 15 kg de mil par personne pour 2 mois, soit 7,5 kg par mois.
Le programme touche 20 écoles de 5 communes, soit 3 000 élèves et 60 enseignants.
20 écoles de 3 communes, soit 12 écoles publiques et 8 privées, ont fermé.
Les 20 sites de 4 communes, soit 15 sites, sont inondés aux trois quarts.
On dénombre 30 sites avec 12 points d'eau, soit 9 points fonctionnels.
Le cercle compte 12 communes, avec 5 sites chacune en moyenne, soit une soixantaine de sites.
IDPs now number 355,000, 4 per cent more than in December (341,000), while returnees number 80,000.
The 2023 plan seeks $500 million, $50 million less than the 2022 plan ($550 million).
The plan seeks $500 million, 10 per cent less than in 2022, when $550 million was sought.
Some 85 new cases were reported in week 12, 15 more than in week 11, when 70 were reported.
The death toll rose by 3 to 41, from 38.
A quarter of the 52 districts (13) reported cases, and a third of them (4) reported deaths.
Le quart des 52 districts, soit 13 districts, a notifié des cas.
Un quart d'heure suffit pour 12 des 15 équipes (80 %).
La distance est réduite de moitié pour 300 des 400 ménages (75 %).
Le nombre de cas a baissé de 30 à 20, et celui des décès d'un quart, de 8 à 6.
Cases fell by a third to 20, from 30, and deaths by half, from 4 to 2.
L'aide alimentaire a été réduite de 25 %, de 600 à 450 grammes par personne.
Le délai est passé de 30 à 45 jours, soit 50 % de plus.
Les femmes représentent 52 % des adultes et les hommes 58 % des mineurs.
Le taux est passé de 50 % à 60 %, soit une hausse de 20 %.
Le taux est passé de 50 % à 60 %, soit 10 points.
Le taux est passé de 50 % à 60 %, soit 20 %.
The rate went from 50% to 60%, or 20 per cent.
Le nombre de sites est passé de 12 à 18, dont 5 à Gao et 4 à Mopti, soit la moitié.
La prévalence a doublé, de 5 à 10 %, soit 5 points de plus.
Les cas sont passés de 12 à 18 (6 décès).
Le nombre de cas est passé de 12 à 18, soit un cas sur trois.
Les admissions ont baissé de 20 % chez les filles et de 10 % chez les garçons, de 300 à 255 au total.
Le prix du mil passe de 250 à 300 francs, et celui du riz de 400 à 420 francs, soit 5 %.
Les retours ont augmenté de 12 % à Gao, de 8 % à Mopti et de 20 % à Ségou.
Les cas ont diminué de moitié à Gao, tandis qu'ils passaient de 12 à 18 à Mopti.
De 12 cas en janvier, on est passé à 18 en février, puis à 9 en mars, soit une baisse de moitié en un mois.
En mai, 120 ménages ont été assistés, 30 % de plus que prévu (92).
Le total de 120 ménages dépasse de 20 % l'objectif (100).
La couverture est de 60 %, contre 45 % en 2022 et 40 % en 2021, soit 20 points de plus en deux ans.
The caseload rose from 120 to 150 in Gao and from 80 to 90 in Mopti, a rise of 20 per cent overall.
Cases rose by half in Gao, and from 12 to 15 in Mopti.
Returns rose to 1,200 from 1,000, and departures fell to 300 from 400, a 25 per cent fall.
Deliveries fell from 20 to 15 tonnes a day, or 450 tonnes a month.
Deliveries fell from 20 to 15, 10 of them to Gao.
Of 120 households, 40 per cent live in Gao (48), 35 per cent in Mopti (42) and the rest elsewhere.
Of the 120 sites, 60 are in Gao, 45 in Mopti and 30 have no water.
Of 120 people, 80 are women and 70 are children.
The 120 agents include 80 in Gao and 60 in Mopti.
Les 120 partenaires, dont 80 à Gao et 60 à Mopti, se coordonnent chaque semaine.
Sur 120 ménages, 80 sont à Gao et 60 ont un puits.
12 puits à Gao, 9 à Mopti et 4 citernes, soit 25 ouvrages au total.
12 puits à Gao et 9 à Mopti, soit 18 puits équipés au total.
Les trois équipes ont visité 12, 15 et 18 sites, soit 40 sites différents au total.
Gao (12), Mopti (9) et Ségou (4) totalisent 25 des 40 sites.
Gao (12), Mopti (9) et Ségou (4) représentent 62 % des 40 sites.
Les besoins sont répartis entre l'eau (40 %), la santé (35 %), les abris (30 %) et l'éducation (20 %), plusieurs réponses étant possibles.
The needs are split between water (60 per cent), health (50 per cent) and shelter (40 per cent); several answers were possible.
Half of the 120 households, 30 in Gao and 30 in Mopti, fled.
Un ménage sur deux (60) a fui.
Une école sur trois, soit 12 écoles, a fermé.
Une école sur trois, soit 12 des 40 écoles de la région, a fermé.
Un tiers des écoles, soit 12 des 40 écoles, a fermé.
Three in four of the 40 schools, or 29 schools, reopened.
12 équipes de 3 à 5 agents, soit 48 agents, sont déployées.
12 équipes de 5 agents au plus, soit 52 agents, sont déployées.
Environ 12 équipes de 5 agents, soit une soixantaine d'agents, sont déployées.
200 ménages ont reçu chacun un kit de 3 couvertures, soit 600 couvertures et 200 kits.
200 ménages reçoivent 25 000 FCFA par mois et par ménage pendant 3 mois, soit 15 millions de FCFA.
25 000 FCFA par ménage sont versés à 200 ménages chaque mois, soit 15 millions de FCFA en trois mois.
The 200 households each receive $50 a month, or $30,000 over three months.
Le centre compte un médecin pour 12 lits et 48 lits, soit 4 médecins.
Le camp compte 20 latrines pour 1 000 personnes, soit une latrine pour 50 personnes, contre une pour 20 selon la norme.
The camp has 20 latrines for 1,000 people, one per 50 people against a standard of one per 20.
La norme est de 15 litres par personne et par jour ; 560 personnes reçoivent 7 000 litres.
The standard is one latrine per 20 people; 1,000 people share 20 latrines.
La campagne a eu lieu du 3 au 12 mai 2023, pendant 3 jours dans chaque village.
Le projet (2022-2024) a commencé en mars 2022 pour une durée de 18 mois et a été prolongé jusqu'en juin 2024.
Lancé en mars 2022 pour 18 mois, le projet a pris fin en décembre 2023.
From March to June 2023, after two years of drought, rains returned.
Du 1er mars au 30 juin 2023, les enfants de 2 ans ont reçu 3 doses en 4 semaines.
Les cinq régions prioritaires sont celles du Nord, de Gao et de Mopti.
Les deux priorités sont l'eau et la santé à Gao, Mopti et Ségou.
Les trois sites sont Alpha, Beta et Gamma-Delta.
La réponse couvre cinq secteurs (eau, hygiène et assainissement, santé, abris, éducation et protection).
Les 3 objectifs : sauver des vies, protéger, relever et renforcer.
Les partenaires de quatre régions sont Gao Santé, Mopti Aide et Ségou Action.
Gao et Mopti sont les deux régions les plus touchées des dix régions du pays.
Cinq ONG, dont Alpha et Beta, travaillent dans trois régions : Gao, Mopti et Ségou.
The appeal for $64 million has received $24 million, 40 per cent more than last year.
Only 24 of the 64 sites have water, and 60 per cent of them have latrines.
24 of the 64 sites, 90 per cent of them in Gao, have water.
24 des 64 sites, soit 90 % de ceux de Gao, ont de l'eau.
The rate is 38 per cent: 24 of the 64 sites, up from 20 of the 60.
La couverture est de 38 % (24 sites sur 64), soit 8 points de plus qu'en 2022 (30 %).
La mortalité est de 0,6 pour 1 000, soit 27 décès pour 45 000 habitants en un mois.
Le taux brut est de 2 décès pour 10 000 personnes par jour, avec 270 décès pour 45 000 habitants en 30 jours.
En 30 jours, 270 décès ont été notifiés, soit un taux de 2 pour 10 000 par jour pour 45 000 habitants.
"""


def lines(text):
    return text.strip().splitlines()


def twins(pair):
    """The true and the false sentence."""
    return tuple(re.sub(r"\{(.*?)\|(.*?)\}", rf"\{side}", pair) for side in (1, 2))


def statuses(text):
    return {sentence.status for sentence in by_sentence(check_statements(text))}


@pytest.mark.parametrize("pair", lines(FOUND))
def test_the_false_one_is_found_and_the_true_one_not_accused(pair):
    true, false = twins(pair)
    assert INCONSISTENT not in statuses(true)
    assert INCONSISTENT in statuses(false)


@pytest.mark.parametrize("pair", lines(LEFT_OPEN))
def test_what_is_not_found_is_not_blessed_either(pair):
    true, false = twins(pair)
    assert INCONSISTENT not in statuses(true)
    assert statuses(false) in ({UNCHECKED}, {PARTLY})


@pytest.mark.parametrize("sentence", lines(TEMPTING))
def test_a_true_sentence_that_looks_like_another_is_not_accused(sentence):
    assert INCONSISTENT not in statuses(sentence)


def test_side_by_side_they_lend_each_other_nothing():
    for text in (FOUND, LEFT_OPEN, TEMPTING):
        true = "\n".join(twins(line)[0] for line in lines(text))
        for start in range(0, len(true), 15_000):
            assert INCONSISTENT not in statuses(true[start : start + 15_000].partition("\n")[2])


def test_a_figure_that_was_not_checked_is_named():
    verdicts = check_statements("La part est passée de 85 % à 68 % et 12 écoles ont fermé.")
    assert [v.values["numbers"] for v in verdicts if v.code == "statements.claim_unread"] == [("12 écoles",)]
    assert statuses("La part a baissé de 85 % à 68 % et 12 écoles ont fermé.") == {PARTLY}
    assert statuses("La part a baissé de 85 % à 68 %.") == {CONSISTENT}


@pytest.mark.parametrize(
    "text",
    [
        "Les enfants de moins de 5 ans et ceux de 6 à 59 mois ont été vaccinés.",
        "Children under five and those aged 5 to 17 years came in week 12, round 7.",
        "Kayes 12 15\nMopti 20 30\nGao 7 9\n",
        "Il y a 12 écoles.",
    ],
)
def test_ages_labels_rows_and_lone_figures_are_not_reported(text):
    assert check_statements(text) == []
